#include <fmt/format.h>

#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/proofs/recheck/recheck.hpp>

/// `nabla recheck`: replays the certificates and witnesses of a report. Links no decider.
namespace nabla::app {

namespace {

int recheck_file(const std::string& path, bool verbose) {
  std::vector<ReplayedCertificate> replays;
  try {
    replays = recheck(path == "-" ? read_argument(path).text : read_file(path), read_file);
  } catch (const std::invalid_argument& error) {
    throw InputError("nabla: " + path + ": " + error.what());
  }
  int confirmed = 0;
  int failed = 0;
  int open = 0;
  int passed_over = 0;
  for (const ReplayedCertificate& r : replays) {
    switch (r.outcome) {
      case Outcome::confirmed:
        ++confirmed;
        break;
      case Outcome::failed:
        ++failed;
        break;
      case Outcome::open:
        ++open;
        break;
      case Outcome::not_replayed:
        ++passed_over;
        break;
    }
    if (verbose || r.outcome != Outcome::confirmed)
      std::cout << fmt::format("{:10} {}  {}: {}\n", to_string(r.outcome), r.id, r.kind, r.message);
  }
  std::cout << fmt::format("{} certificates: {} confirmed, {} failed, {} open", replays.size(), confirmed, failed,
                           open);
  if (passed_over > 0) std::cout << fmt::format(", {} of kinds that are not replayed", passed_over);
  std::cout << '\n';
  return failed + open + passed_over > 0 ? exit_unexpected : exit_ok;
}

}  // namespace

void add_recheck(CLI::App& program, Action& chosen) {
  struct Options {
    std::string report;
    bool verbose = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("recheck", "Replay the certificates and witnesses of a report");
  command->add_option("REPORT", options->report, "What `nabla verify --json` wrote; - for standard input")->required();
  command->add_flag("--verbose", options->verbose, "A line for every certificate, not only for those not confirmed");
  command->footer("Exit status: 0 all confirmed; 1 some are not; 3 the report or a document of it cannot be read.");
  command->callback(
      [options, &chosen] { chosen = [options] { return recheck_file(options->report, options->verbose); }; });
}

}  // namespace nabla::app
