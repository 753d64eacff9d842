#pragma once

#include <nabla/proofs/report/mathml.hpp>
#include <nabla/proofs/report/mathml_piece.hpp>
#include <vector>

namespace nabla::mathml {

/// Writes one tree. Recurses, as deep as the tree: to_mathml refuses deep ones before.
class Printer {
 public:
  Printer(const Syntax& syntax, const DeclaredNames& declared) : syntax_(syntax), declared_(declared) {}

  Piece piece(SyntaxId id) const;
  /// Pieces between which a line may be broken.
  std::vector<std::string> lines(SyntaxId id) const;

 private:
  Piece number(SyntaxId id) const;
  Piece binary(SyntaxId id) const;
  Piece index(SyntaxId id) const;
  Piece matrix(SyntaxId id) const;
  Piece bound(SyntaxId id) const;
  Piece limit(SyntaxId id) const;
  Piece substitution(SyntaxId id) const;
  Piece relation(SyntaxId id) const;
  Piece set(SyntaxId id) const;
  Piece shaped(SyntaxId id) const;

  // mathml_calls.cpp
  Piece call(SyntaxId id) const;
  /// Derivatives and what else the language has beyond the operators: grad, hessian, delta, eye, ...
  std::optional<Piece> of_language(std::string_view name, SyntaxId id) const;
  std::optional<Piece> derivative(std::string_view name, SyntaxId id) const;
  std::optional<Piece> predicate(std::string_view name, SyntaxId id) const;
  std::string predicate_words(std::string_view name, SyntaxId id) const;

  std::string list(SyntaxId id, std::size_t from) const;
  std::string braced(SyntaxId id, Level least) const { return at_least(piece(id), least); }
  bool is_free(SyntaxId id, std::string_view& name) const;
  void add_terms(SyntaxId id, std::string before, std::vector<std::string>& out) const;

  const Syntax& syntax_;
  const DeclaredNames& declared_;
};

}  // namespace nabla::mathml
