// Whether nabla tells true claims from perturbed ones.
//
//     perturb PROGRAM [--seed N] [--count K] [--keep FOLDER]
//
// Takes true claims with random parameters, and changes one thing in copies of them: a sign, a factor, an index, a
// transpose, an end of a domain, a hypothesis. Plain MPFR evaluation (judge.hpp), which links no decider, shows which
// changed ones are false or ill-typed; the others are counted and dropped. Then `PROGRAM verify` is asked: every one of
// K perturbed claims must be refuted or ill-posed, and none of K true ones may be. Without --seed (or the environment
// variable NABLA_SEED) a new seed is drawn; it is printed in any case. Exit status 0, or 1 with the claims that went
// wrong. Both reports are rechecked: no certificate may fail.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nabla/proofs/claim/document.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "../process.hpp"
#include "bases.hpp"
#include "judge.hpp"
#include "mutate.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PERTURB_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define PERTURB_SANITIZED
#endif

namespace perturb {

namespace {

struct Case {
  std::string id;
  std::string text;  ///< lines of the block
  std::string kind;  ///< of the change; empty for true ones
  std::string why;   ///< what plain evaluation found
};

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string parameter(Random& random) {
  static constexpr std::array<const char*, 12> values{"1",     "2",     "3",     "5",   "(1/2)", "(3/2)",
                                                      "(2/3)", "(7/4)", "(5/2)", "0.7", "1.3",   "0.25"};
  return values[std::uniform_int_distribution<std::size_t>(0, values.size() - 1)(random)];
}

std::string instance_of(const Base& base, Random& random) {
  std::string text(base.text);
  for (const char* name : {"{a}", "{b}", "{c}"}) text = replaced(text, name, parameter(random));
  for (const char* name : {"{p}", "{q}"})
    text = replaced(text, name, std::to_string(std::uniform_int_distribution<int>(2, 5)(random)));
  return text;
}

std::string block_of(const Case& c) { return "```claim " + c.id + "\n" + c.text + "```\n\n"; }

std::optional<Judgement> judged(const Case& c, Random& random) {
  nabla::ClaimIds ids;
  const nabla::Document document = nabla::read_document(nabla::Source("perturbed", block_of(c)), ids);
  if (document.claims.size() != 1) return std::nullopt;  // no longer a claim
  return judge(document.claims[0], random);
}

struct Generated {
  std::vector<Case> truths;
  std::vector<Case> perturbed;
  std::map<std::string, int> kinds;      ///< of change
  std::map<std::string, int> discarded;  ///< by reason
  std::set<std::string> families;
  bool sound = true;  ///< no base claim was found false
};

Generated generate(std::size_t count, Random& random) {
  Generated g;
  std::set<std::string> seen;
  const auto all = bases();
  for (std::size_t round = 0; round < 60 && (g.truths.size() < count || g.perturbed.size() < count); ++round)
    for (const Base& base : all) {
      const std::string text = instance_of(base, random);
      if (g.truths.size() < count && seen.insert(text).second) {
        Case c{"true/" + std::string(base.family) + "/" + std::to_string(g.truths.size()), text, {}, {}};
        const auto j = judged(c, random);
        if (!j || j->kind != Judgement::Kind::seems_true) {
          std::cout << "a base claim is not true to plain evaluation: " << (j ? j->why : "not read") << '\n'
                    << block_of(c);
          g.sound = false;
        }
        g.truths.push_back(c);
      }
      std::vector<Mutant> mutants = mutants_of(text);
      std::shuffle(mutants.begin(), mutants.end(), random);
      // Kinds of change that are rare so far come first.
      std::stable_sort(mutants.begin(), mutants.end(),
                       [&](const Mutant& a, const Mutant& b) { return g.kinds[a.kind] < g.kinds[b.kind]; });
      int taken = 0;
      for (const Mutant& m : mutants) {
        if (taken >= 2 || g.perturbed.size() >= count) break;
        if (!seen.insert(m.text).second) continue;
        Case c{"perturbed/" + std::string(base.family) + "/" + std::to_string(g.perturbed.size()), m.text, m.kind, {}};
        const auto j = judged(c, random);
        if (!j) {
          ++g.discarded["cannot be parsed"];
          continue;
        }
        if (j->kind == Judgement::Kind::seems_true || j->kind == Judgement::Kind::not_known) {
          ++g.discarded[j->kind == Judgement::Kind::seems_true ? "still true as far as seen" : "not evaluated"];
          continue;
        }
        c.why = (j->kind == Judgement::Kind::is_false    ? "false at "
                 : j->kind == Judgement::Kind::ill_typed ? "ill-typed: "
                                                         : "undefined: ") +
                j->why;
        g.families.insert(std::string(base.family));
        ++g.kinds[c.kind];
        g.perturbed.push_back(c);
        ++taken;
      }
    }
  return g;
}

/// \returns how many went wrong
int examine(const std::string& program, const std::filesystem::path& folder, const std::string& name,
            const std::vector<Case>& cases, bool is_true) {
  const std::filesystem::path file = folder / (name + ".md");
  {
    std::ofstream out(file, std::ios::binary);
    for (const Case& c : cases) out << block_of(c);
  }
  const nlohmann::json report = nlohmann::json::parse(
      run_process("'" + program + "' verify '" + file.string() + "' --json --time 60 --jobs 2").output);
  const std::filesystem::path kept = folder / (name + ".json");
  std::ofstream(kept, std::ios::binary) << report.dump();
  const Process again = run_process("'" + program + "' recheck '" + kept.string() + "'");
  std::map<std::string, const nlohmann::json*> by_id;
  for (const auto& claim : report["claims"]) by_id[claim["id"].get<std::string>()] = &claim;
  int wrong = 0;
  std::map<std::string, int> counts;
  for (const Case& c : cases) {
    const auto found = by_id.find(c.id);
    const std::string verdict = found == by_id.end() ? "not read" : (*found->second)["verdict"].get<std::string>();
    ++counts[verdict];
    const bool speaks_against = verdict == "refuted" || verdict == "ill-posed";
    if (verdict != "not read" && speaks_against != is_true) continue;
    ++wrong;
    std::cout << (is_true ? "a true claim is " : "a false claim is ") << verdict
              << (is_true ? "" : "; " + c.kind + ", " + c.why) << '\n'
              << block_of(c);
    if (found != by_id.end())
      for (const char* field : {"method", "message", "witness"})
        if (found->second->contains(field)) std::cout << "  " << field << ": " << (*found->second)[field] << '\n';
  }
  std::cout << name << ": " << cases.size() << " claims:";
  for (const auto& [verdict, n] : counts) std::cout << ' ' << n << ' ' << verdict;
  std::cout << "; " << again.output;
  std::istringstream lines(again.output);
  for (std::string line; std::getline(lines, line);) wrong += line.starts_with("failed ") ? 1 : 0;
  if (again.status < 0 || again.status > 1) {
    std::cout << "recheck ended with status " << again.status << '\n';
    ++wrong;
  }
  return wrong;
}

int run(const std::vector<std::string>& arguments) {
  std::string program;
  std::string folder = "perturbed";
  std::optional<std::uint64_t> seed;
  double effort = 1;
  if (const char* text = std::getenv("NABLA_SEED")) seed = std::stoull(text);
  if (const char* text = std::getenv("NABLA_EFFORT")) effort = std::max(0.05, std::atof(text));
#ifdef PERTURB_SANITIZED
  std::size_t count = 30;  // claims, not code, are what this is about; the release build asks them all
#else
  std::size_t count = 200;
#endif
  count = static_cast<std::size_t>(std::ceil(static_cast<double>(count) * effort));
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto next = [&]() -> const std::string& { return arguments.at(++i); };
    if (arguments[i] == "--seed")
      seed = std::stoull(next());
    else if (arguments[i] == "--count")
      count = std::stoul(next());
    else if (arguments[i] == "--keep")
      folder = next();
    else
      program = arguments[i];
  }
  if (program.empty()) throw std::invalid_argument("usage: perturb PROGRAM [--seed N] [--count K] [--keep FOLDER]");
  if (!seed) seed = std::random_device{}();
  std::cout << "seed " << *seed << " (again: --seed " << *seed << ")" << std::endl;
  Random random(*seed);
  const Generated g = generate(count, random);
  std::cout << bases().size() << " base claims, " << g.families.size() << " families of operators; changes:";
  for (const auto& [kind, n] : g.kinds) std::cout << ' ' << kind << ' ' << n << ';';
  std::cout << "\ndiscarded:";
  for (const auto& [reason, n] : g.discarded) std::cout << ' ' << n << ' ' << reason << ';';
  std::cout << std::endl;
  if (g.truths.size() < count || g.perturbed.size() < count) {
    std::cout << "only " << g.truths.size() << " true and " << g.perturbed.size() << " perturbed claims came about\n";
    return 1;
  }
  std::filesystem::create_directories(folder);
  int wrong = g.sound ? 0 : 1;
  wrong += examine(program, folder, "perturbed", g.perturbed, false);
  wrong += examine(program, folder, "true", g.truths, true);
  return wrong == 0 ? 0 : 1;
}

}  // namespace

}  // namespace perturb

int main(int argc, char** argv) {
  try {
    return perturb::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "perturb: " << error.what() << '\n';
    return 2;
  }
}
