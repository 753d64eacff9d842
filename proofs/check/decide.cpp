#include <fmt/format.h>

#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/lipschitz_bracket.hpp>
#include <nabla/proofs/check/decide.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/check/matrix/matrix_identity.hpp>
#include <nabla/proofs/check/quadrature/decide.hpp>
#include <nabla/proofs/check/refute/crossing.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>
#include <nabla/proofs/check/wellposed/vacuity.hpp>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

/// Looking for witnesses at points costs about so many steps for each entry of each node.
constexpr double steps_per_entry = 60;
/// A quick look is after the verdict alone.
constexpr int least_points_for_more = 32;
/// Entries of all nodes together past which a problem is not looked at entry by entry: points with so many exact
/// entries take gigabytes.
constexpr double most_entries_altogether = 500'000;

double entries_of(const Problem& problem) {
  double entries = 0;
  const Graph& graph = problem.workspace->graph();
  for (NodeId id = 0; id < graph.size(); ++id) entries += static_cast<double>(graph.shape(id).size());
  return entries;
}

}  // namespace

Posed pose(const Claim& claim, const Choice& choice, const Budget& budget) {
  Posed posed;
  const auto elaborated = [&](FunctionTreatment functions, InstanceShape shape = InstanceShape::quadratic) {
    SmoothForms smooth(budget);
    Problem problem = elaborate(claim, choice, functions, std::ref(smooth), shape, Misfits::kept);
    return Posed::Form{std::move(problem), smooth.patterns(), {}};
  };
  if (!has_function_variables(claim)) {
    posed.general = elaborated(FunctionTreatment::none);
    return posed;
  }
  try {
    posed.general = elaborated(FunctionTreatment::abstract);
  } catch (const NotHandled& reason) {
    posed.reason = reason.what();
  }
  for (const InstanceShape shape : instance_shapes) {
    try {
      posed.instances.push_back(elaborated(FunctionTreatment::instance, shape));
    } catch (const NotHandled&) {  // the class has no function of this shape
    }
  }
  return posed;
}

MisfitsFound misfits_of(const Claim& claim, const Choice& choice, const Budget& budget) {
  budget.check();
  MisfitsFound found;
  const auto treatment = has_function_variables(claim) ? FunctionTreatment::instance : FunctionTreatment::none;
  try {
    const Problem problem = elaborate(claim, choice, treatment, {}, InstanceShape::quadratic, Misfits::kept);
    for (std::size_t s = 0; s < problem.shows.size(); ++s)
      for (const Misfit& m : problem.shows[s].misfits)
        if (m.error) found.of_links.push_back({s, m.link, *m.error});
  } catch (const IllPosed& error) {
    found.of_claim = error;
  } catch (const NotHandled&) {  // not even posed; it is said where it is worked on
  } catch (const std::length_error&) {
  }
  return found;
}

Statement link_of(const Statement& statement, std::size_t k) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() == 1) return statement;
  Statement link = statement;
  link.sides = {statement.sides[k], statement.sides[k + 1]};
  link.comparisons = {statement.comparisons[k]};
  if (statement.side_places.size() > k + 1) link.side_places = {statement.side_places[k], statement.side_places[k + 1]};
  return link;
}

std::size_t link_count(const Statement& statement) {
  return statement.kind == Statement::Kind::relation ? statement.comparisons.size() : 1;
}

namespace {

/// What the first decider that decides says; else what they said of how far they got.
std::optional<Finding> prove(const Problem& problem, const Statement& statement, const CheckOptions& options,
                             const Budget& budget) {
  std::optional<Finding> open;
  for (const Decider decider : deciders()) {
    budget.check();
    std::optional<Finding> finding;
    try {
      finding = decider(problem, statement, options, budget);
    } catch (const NotHandled& reason) {
      finding = undecided(reason.what());
    } catch (const std::length_error& reason) {  // a limit of the graph or of the memory
      finding = undecided(reason.what());
    } catch (const UndefinedError& reason) {  // a number that a search ran into; the next decider is asked
      finding = undecided(reason.what());
    }
    if (!finding) continue;
    if (finding->verdict != Verdict::undecided) return finding;
    if (!open) {
      open = std::move(finding);
    } else if (!finding->message.empty()) {
      open->message += (open->message.empty() ? "" : "; ") + finding->message;
    }
  }
  return open;
}

Finding sampled(const Problem& problem, const Statement& statement, const CheckOptions& options, const Budget& budget) {
  try {
    return support(problem, statement, options, budget);
  } catch (const NotHandled& reason) {
    return undecided(reason.what());
  } catch (const std::invalid_argument& reason) {  // a kind of number cannot compute an operator
    return undecided(reason.what());
  }
}

std::optional<Finding> witness_against(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget) {
  try {
    return refute(problem, statement, options, budget);
  } catch (const NotHandled&) {
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  } catch (const UndefinedError&) {  // a search that ran off
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::pair<Finding, const Posed::Form*>> against_instances(const Posed& posed, std::size_t show,
                                                                        std::size_t link, const CheckOptions& options,
                                                                        const Budget& budget) {
  for (const Posed::Form& form : posed.instances) {
    const Problem& instance = form.problem;
    if (misfit_of(instance.shows[show], link) != nullptr) continue;
    const auto statement = without_constant_premises(link_of(instance.shows[show], link));
    if (!statement) continue;
    std::optional<Finding> found = witness_against(instance, *statement, options, budget);
    if (!found && statement->kind != Statement::Kind::relation) found = prove(instance, *statement, options, budget);
    if (!found || found->verdict != Verdict::refuted) continue;
    show_functions(instance, *found);
    return std::pair{std::move(*found), &form};
  }
  return std::nullopt;
}

namespace {

/// The refuter once more after a proof, from other points. Both cannot be right, so a witness is a bug of nabla.
std::optional<Finding> contradiction(const Problem& general, const Statement& statement,
                                     const std::optional<Finding>& of_instance, const Finding& proof,
                                     const CheckOptions& options, const Budget& budget) {
  std::optional<Finding> witness = of_instance;
  if (!witness && general.functions != FunctionTreatment::abstract) {
    CheckOptions again = options;
    again.seed = options.seed + 1;
    again.points = std::max(16, options.points / 4);
    witness = witness_against(general, statement, again, budget);
  }
  if (!witness) return std::nullopt;
  Finding f = undecided(std::string(own_contradiction) + ", which is a bug of nabla and not of the document: proved (" +
                        proof.method + "), and refuted (" + witness->method + ") at");
  for (const auto& [name, entries] : witness->witness) {
    f.message += " " + name + " = ";
    for (std::size_t k = 0; k < entries.size(); ++k) f.message += (k == 0 ? "" : ", ") + entries[k];
    f.message += ";";
  }
  return f;
}

}  // namespace

Finding doubt(const Problem& general, const Statement& statement, const std::optional<Finding>& of_instance,
              Finding proof, const CheckOptions& options, const Budget& budget) {
  if (entries_of(general) > most_entries_altogether) return proof;
  Finding posedness = examine_definedness(general, statement, options, budget);
  if (posedness.verdict == Verdict::ill_posed) return posedness;
  auto clash = contradiction(general, statement, of_instance, proof, options, budget);
  return clash ? *std::move(clash) : std::move(proof);
}

namespace {

/// Whether `defined` is asked of an expression with derivatives in it, which have to exist for that.
bool asks_for_derivatives(const Problem& problem, const Statement& s) {
  return s.kind == Statement::Kind::predicate && s.predicate == "defined" &&
         std::ranges::any_of(problem.derivatives, [&](const Derivative& d) { return d.place.line == s.place.line; });
}

/// `defined` is true where an equation of the expression with itself would be well-posed. Ill-posed: it is false, at a
/// point that no text names.
Finding examine_existence(const Problem& problem, const Statement& s, const CheckOptions& options,
                          const Budget& budget) {
  Statement read;
  read.place = s.place;
  read.text = s.text;
  read.sides = {s.subject, s.subject};
  read.comparisons = {Comparison::equal};
  read.side_places = {s.place, s.place};
  Finding f = examine_definedness(problem, read, options, budget);
  if (f.verdict != Verdict::ill_posed || f.witness.empty()) return f;
  const bool is_point = std::ranges::all_of(f.witness, [&](const auto& entries) {
    return std::ranges::all_of(
        entries.second, [&](const std::string& text) { return named_constant(problem.workspace, text).has_value(); });
  });
  if (!is_point) {
    const auto at = refute_at_crossing(problem, s, options.seed, budget);
    return at ? *at : f;
  }
  f.verdict = Verdict::refuted;
  f.certificates = {{"witness", nlohmann::ordered_json{{"witness", f.witness}}.dump()}};
  return f;
}

/// Whether what stands between the ends of an integral was not shown to exist everywhere: then the integral has perhaps
/// no value, whatever a primitive function says. (The variable of an integral has a name that no text can have.)
bool has_open_integrand(const Problem& problem, const Finding& posedness) {
  if (posedness.verdict == Verdict::proved) return false;
  return std::ranges::any_of(problem.givens, [&](const Given& g) {
    return g.place.line == 0 &&
           std::ranges::any_of(problem.must_be_defined, [&](const Expr& e) { return depends_on(e, g.variable); });
  });
}

Finding without_a_point(const Finding& f) { return undecided(f.message + "; a witness has to be a point"); }

Finding decide_existence(const Problem& problem, const Statement& s, const CheckOptions& options,
                         const Budget& budget) {
  if (auto vacuous = find_contradiction(problem)) return *vacuous;
  Finding f = examine_existence(problem, s, options, budget);
  return f.verdict == Verdict::ill_posed ? without_a_point(f) : f;
}

/// Whether some part asks if something has a value.
bool asks_for_existence(const Statement& s) {
  if (s.kind == Statement::Kind::predicate)
    return s.predicate == "defined" || s.predicate == "continuous" || s.predicate == "differentiable";
  return std::ranges::any_of(s.children, asks_for_existence);
}

std::optional<Finding> proved_in_words(const Problem& problem, const Statement& s, const CheckOptions& options,
                                       const Budget& budget) {
  try {
    auto f = decide_matrix_identity(problem, s, options, budget);
    return f && f->verdict == Verdict::proved ? std::move(f) : std::nullopt;
  } catch (const NotHandled&) {
    return std::nullopt;
  }
}

/// A statement that reads integrals without a primitive function. They exist where their integrands have values and the
/// enclosures are finite.
Finding decide_with_integrals(const Problem& general, const Statement& statement, const CheckOptions& options,
                              const Budget& budget) {
  if (general.uncertain_limit) return undecided("a limit that could not be read off everywhere");
  if (!is_total_in_integrals(general, statement))
    return undecided("whether a function of an integral without a primitive function is defined");
  const Finding posedness = examine_definedness(general, statement, options, budget);
  if (posedness.verdict == Verdict::ill_posed) return posedness;
  Finding f = decide_integrals(general, statement, options, budget);
  if (posedness.verdict == Verdict::proved) {
    if (f.verdict == Verdict::proved)
      f.certificates.insert(f.certificates.end(), posedness.certificates.begin(), posedness.certificates.end());
    return f;
  }
  return f.verdict == Verdict::undecided ? f : undecided("open: " + posedness.message);
}

Finding decide_well_read(const Problem& general, const Statement& statement, const std::optional<Finding>& of_instance,
                         const CheckOptions& options, const Budget& budget) {
  const double entries = entries_of(general);
  if (entries > most_entries_altogether)
    return undecided(fmt::format("tensors with {:.0f} entries altogether are not looked at entry by entry", entries));
  budget.spend(steps_per_entry * entries);
  if (reads_open_integrals(general, statement)) return decide_with_integrals(general, statement, options, budget);
  if (asks_for_derivatives(general, statement))
    return general.uncertain_limit || general.functions != FunctionTreatment::none
               ? undecided("a derivative that could not be read off everywhere")
               : decide_existence(general, statement, options, budget);
  const Finding posedness = examine_definedness(general, statement, options, budget);
  if (posedness.verdict == Verdict::ill_posed)
    return general.uncertain_limit ? undecided("a limit that could not be read off everywhere") : posedness;
  if (of_instance) return *of_instance;
  // Words cost nothing, points of large matrices much: these are looked at against the proof alone.
  const std::optional<Finding> in_words = proved_in_words(general, statement, options, budget);
  if (!in_words && general.functions != FunctionTreatment::abstract)
    if (auto refuted = witness_against(general, statement, options, budget)) {
      if (has_open_integrand(general, posedness)) return undecided("open: " + posedness.message);
      if (options.points >= least_points_for_more) add_bracket(*refuted, general, statement, options, budget);
      return *refuted;
    }
  if (statement.kind == Statement::Kind::predicate && statement.predicate == "defined" &&
      general.functions == FunctionTreatment::none) {
    // Between the points that are sampled a denominator may vanish.
    Finding existence = examine_existence(general, statement, options, budget);
    if (existence.verdict == Verdict::refuted) return existence;
    if (existence.verdict == Verdict::ill_posed) return without_a_point(existence);
  }
  const auto proof = in_words ? in_words : prove(general, statement, options, budget);
  if (proof && (proof->verdict == Verdict::refuted || proof->verdict == Verdict::ill_posed)) return *proof;
  if (proof && proof->verdict == Verdict::proved) {
    if (const auto clash = contradiction(general, statement, of_instance, *proof, options, budget)) return *clash;
    Finding f = *proof;
    if (posedness.verdict == Verdict::proved) {
      f.certificates.insert(f.certificates.end(), posedness.certificates.begin(), posedness.certificates.end());
      return f;
    }
    // True wherever defined; that it is defined everywhere stays open, so the whole is not proved.
    Finding s = sampled(general, statement, options, budget);
    s.message = "equal wherever both sides are defined (" + proof->method + "); open: " + posedness.message;
    return s;
  }
  Finding s = sampled(general, statement, options, budget);
  if (s.verdict == Verdict::proved && posedness.verdict != Verdict::proved) s.verdict = Verdict::supported;
  if (s.verdict == Verdict::undecided && proof && !proof->message.empty()) s.message += "; " + proof->message;
  if (s.verdict == Verdict::supported && posedness.verdict == Verdict::undecided)
    s.message = "open: " + posedness.message;
  if (options.points >= least_points_for_more && general.functions != FunctionTreatment::abstract)
    add_bracket(s, general, statement, options, budget);
  return s;
}

}  // namespace

Finding decide(const Problem& general, const Statement& statement, const std::optional<Finding>& of_instance,
               const CheckOptions& options, const Budget& budget) {
  Finding f = decide_well_read(general, statement, of_instance, options, budget);
  // Variables that no text names (of an integral, a point of a derivative) are no part of a witness that is shown.
  std::erase_if(f.witness, [](const auto& entry) { return entry.first.find('#') != std::string::npos; });
  // A limit that was read off in a way that has no value somewhere may exist there.
  const bool is_plain = statement.kind == Statement::Kind::predicate;
  const bool is_certain = f.verdict == Verdict::proved && is_plain;
  if (general.uncertain_limit && asks_for_existence(statement) && !is_certain && f.verdict != Verdict::undecided)
    return undecided("a limit that could not be read off everywhere");
  return f;
}

}  // namespace nabla
