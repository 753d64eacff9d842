#pragma once

#include <map>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/problem.hpp>

/// The function variables of a claim: given f: SET -> SET is convex, smooth(L).
namespace nabla {

/// Reads them and, when every line is read, writes what became of their applications into the problem.
class FunctionReader {
 public:
  /// Everything must outlive it. \param shape which explicit functions stand for them (treatment `instance` alone)
  FunctionReader(const Claim& claim, Elaborator& elaborator, Problem& problem, FunctionTreatment treatment,
                 InstanceShape shape);

  /// A function variable of the line. \throws IllPosed when its class does not fit its values
  /// \param domain_number  by which memberships of arguments name the domain
  FunctionRef read(const GivenFunctionLine& line, SyntaxId name, const Set& domain, const Set& codomain,
                   std::size_t domain_number);

  /// The set that a function variable's value lies in; null where the expression is none.
  const Set* codomain_of_value(const Expr& e) const;

  /// Whether an expression reads what a function variable makes of something.
  bool reads_value(const Expr& e) const;

  /// Fills in Problem::functions, function_variables and applications, and gives the values of the applications that
  /// are read as variables. \throws NotHandled
  void finish();

 private:
  void classify(FunctionVariable& variable, const GivenFunctionLine& line);
  bool all_are_linear() const;
  void instantiate(FunctionValue& function, FunctionVariable& variable);
  void instantiate_between(FunctionValue& function, FunctionVariable& variable);
  Expr give(const std::string& name, Set set);
  void assume(const Expr& left, Comparison comparison, const Expr& right, const std::string& text);
  void read_computed_integrals();
  /// What statements and integrals read.
  std::vector<Expr> expressions() const;

  const Claim& claim_;
  Elaborator& elaborator_;
  Problem& problem_;
  FunctionTreatment treatment_;
  InstanceShape shape_;
  Place place_;
  bool has_smaller_ = false;  // a function variable with values in a smaller set
  std::string reason_;        // why the claim is not handled; nothing when it is
  std::map<const FunctionValue*, std::size_t> index_;
  std::vector<Expr> coefficients_;  // of explicit functions
};

/// Puts the integrals without a primitive function into the problem, their values as variables.
void give_open_integrals(const Elaborator& elaborator, Problem& problem);

/// How a certificate names a treatment: "none", "abstract", "instance", "instance kink".
std::string spelling(FunctionTreatment treatment, InstanceShape shape);
/// The other way round; anything else is `none`.
std::pair<FunctionTreatment, InstanceShape> parse_treatment(std::string_view text);

}  // namespace nabla
