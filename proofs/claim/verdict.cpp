#include <array>
#include <nabla/proofs/claim/verdict.hpp>
#include <utility>

namespace nabla {

namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 5> names{{{Verdict::ill_posed, "ill-posed"},
                                                                     {Verdict::refuted, "refuted"},
                                                                     {Verdict::undecided, "undecided"},
                                                                     {Verdict::supported, "supported"},
                                                                     {Verdict::proved, "proved"}}};

}  // namespace

std::string_view to_string(Verdict verdict) {
  for (const auto& [v, name] : names)
    if (v == verdict) return name;
  return "undecided";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const auto& [v, name] : names)
    if (name == text) return v;
  return std::nullopt;
}

}  // namespace nabla
