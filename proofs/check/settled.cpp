#include <nabla/proofs/check/settled.hpp>

namespace nabla {

namespace {

bool is_of_a_function(const Statement& s) {
  return s.kind == Statement::Kind::predicate && s.predicate != "in" && s.predicate != "defined";
}

}  // namespace

void settle_hypotheses(Posed::Form& form, const CheckOptions& options, const Budget& budget) {
  std::vector<Statement>& hypotheses = form.problem.hypotheses;
  if (form.problem.functions == FunctionTreatment::abstract || std::ranges::none_of(hypotheses, is_of_a_function))
    return;
  Problem bare = form.problem;
  bare.hypotheses.clear();
  std::vector<Statement> rest;
  for (std::size_t k = 0; k < hypotheses.size(); ++k) {
    if (is_of_a_function(hypotheses[k])) {
      Finding f = decide(bare, hypotheses[k], {}, options, budget);
      if (f.verdict == Verdict::proved) {
        form.settled.push_back({k, std::move(f.certificates)});
        continue;
      }
    }
    rest.push_back(hypotheses[k]);
  }
  hypotheses = std::move(rest);
}

}  // namespace nabla
