// Runs the program on every document of claims of this folder: each verdict has to be the expected one, and every
// certificate of the report has to be confirmed by the re-checker (that something is defined may stay open, which is
// counted).
//
//     claims PROGRAM FOLDER
//
// A claim under the heading "Not settled yet" has the truth in the line above it ("True: ..." or "False: ..."): the
// verdict that it names is expected, the true one is welcome, and the other one is an error. Under sanitizers every
// twelfth claim is looked at.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "../process.hpp"
#include "../proofs/row_stride.hpp"

namespace {

struct Stated {
  std::string expected;  ///< empty: proved or supported
  std::string truth;     ///< of a claim that is not settled yet: "True" or "False"
  std::filesystem::path document;
};

using ClaimsById = std::map<std::string, Stated>;

/// Every row_stride-th block of the documents, copied to `to`.
ClaimsById sample(const std::vector<std::filesystem::path>& documents, const std::filesystem::path& to) {
  ClaimsById claims;
  std::filesystem::create_directories(to);
  std::size_t row = 0;
  for (const std::filesystem::path& document : documents) {
    std::ifstream in(document);
    std::ofstream out(to / document.filename(), std::ios::binary);
    std::string truth, id;
    bool taken = false;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("True: ") || line.starts_with("False: ")) truth = line.substr(0, line.find(':'));
      if (line.starts_with("```claim ")) {
        id = line.substr(9);
        taken = row++ % row_stride == 0;
        if (taken) claims[id] = {{}, truth, document};
        truth.clear();
      }
      if (taken) out << line << '\n';
      if (taken && line.starts_with("expect ")) claims[id].expected = line.substr(7);
      if (line == "```") taken = false;
    }
  }
  return claims;
}

bool is_accepted(const Stated& stated, const std::string& verdict) {
  if (!stated.truth.empty() && stated.expected != verdict)
    return stated.truth == "True" ? verdict == "proved" || verdict == "supported" : verdict == "refuted";
  if (stated.expected.empty()) return verdict == "proved" || verdict == "supported";
  return verdict == stated.expected;
}

int run(const std::string& program, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> documents;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  std::ranges::sort(documents);
  const ClaimsById claims = sample(documents, "claims");
  const Process verified = run_process("'" + program + "' verify claims --json --jobs 2 --no-suggestions");
  const auto report = nlohmann::json::parse(verified.output);
  int other = 0;
  std::map<std::string, int> counts;
  std::size_t seen = 0;
  for (const auto& claim : report.at("claims")) {
    const std::string id = claim.at("id"), verdict = claim.at("verdict");
    const Stated& stated = claims.at(id);
    ++counts[verdict];
    ++seen;
    if (!is_accepted(stated, verdict)) {
      ++other;
      std::cout << stated.document.string() << ": " << id << " is " << verdict << ", not "
                << (stated.expected.empty() ? "proved or supported" : stated.expected) << ": "
                << claim.value("message", "") << '\n';
    } else if (!stated.truth.empty() && verdict != stated.expected) {
      std::cout << id << " is settled now (" << verdict << "): its `expect` line and its place can change\n";
    }
  }
  if (seen != claims.size()) std::cout << "only " << seen << " of " << claims.size() << " claims are in the report\n";
  std::ofstream("claims.json", std::ios::binary) << verified.output;
  const Process again = run_process("'" + program + "' recheck claims.json");
  int unconfirmed = 0, open = 0;
  std::istringstream lines(again.output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("failed ") && !line.starts_with("open ")) continue;
    const bool may_stay = line.starts_with("open ") && line.find("  definedness: ") != std::string::npos;
    ++(may_stay ? open : unconfirmed);
  }
  std::cout << again.output << seen << " claims:";
  for (const auto& [verdict, n] : counts) std::cout << ' ' << n << ' ' << verdict << ',';
  std::cout << ' ' << other << " other than expected; " << unconfirmed << " certificates not confirmed, " << open
            << " of definedness open\n";
  const bool rechecked = again.status == 0 || again.status == 1;
  return other == 0 && seen == claims.size() && rechecked && unconfirmed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: claims PROGRAM FOLDER\n";
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "claims: " << error.what() << '\n';
    return 2;
  }
}
