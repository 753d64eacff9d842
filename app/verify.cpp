#include <fnmatch.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <nabla/app/command.hpp>
#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/report/report.hpp>
#include <thread>

/// `nabla verify`: checks every claim of Markdown files.
namespace nabla::app {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  CheckOptions check;
  std::string only;
  unsigned jobs = 1;
  bool json = false;
  bool timing = false;
  bool verbose = false;
};

std::vector<std::string> markdown_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (auto it = fs::recursive_directory_iterator(path, error); it != fs::recursive_directory_iterator();
         it.increment(error)) {
      if (error) throw InputError("nabla: cannot read " + path + ": " + error.message());
      if (it->is_regular_file(error) && it->path().extension() == ".md") found.push_back(it->path().string());
    }
    if (error) throw InputError("nabla: cannot read " + path + ": " + error.message());
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

bool selected(const std::string& id, const std::string& pattern) {
  if (pattern.empty() || id == pattern || id.starts_with(pattern + "/")) return true;
  return fnmatch(pattern.c_str(), id.c_str(), 0) == 0;
}

/// Turns Ctrl-C into a request to stop, for as long as it lives. A second one ends the program at once.
class InterruptWatch {
 public:
  InterruptWatch() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    thread_ = std::jthread([this, set](std::stop_token done) {
      while (!done.stop_requested()) {
        const timespec wait{0, 100'000'000};
        if (sigtimedwait(&set, nullptr, &wait) != SIGINT) continue;
        if (stop_.stop_requested()) _exit(exit_interrupted);
        stop_.request_stop();
      }
    });
  }
  ~InterruptWatch() {
    thread_.request_stop();
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t before_{};
  std::stop_source stop_;
  std::jthread thread_;
};

/// One slot a claim; workers fill them, the main thread hands them on in order.
class Results {
 public:
  explicit Results(std::size_t n) : slots_(n) {}
  struct Slot {
    std::optional<ClaimReport> report;
    std::optional<SyntaxError> error;
    bool done = false;
  };
  void fill(std::size_t i, Slot slot) {
    const std::lock_guard lock(mutex_);
    slots_[i] = std::move(slot);
    slots_[i].done = true;
    ready_.notify_all();
  }
  Slot take(std::size_t i) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return slots_[i].done; });
    return std::move(slots_[i]);
  }

 private:
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable ready_;
};

int verify(const Options& options) {
  std::vector<Document> documents;
  ClaimIds ids;
  bool unreadable = false;
  for (const std::string& file : markdown_files(options.paths)) {
    try {
      documents.push_back(read_document(Source(file, read_file(file)), ids));
    } catch (const InputError& error) {
      std::cerr << error.what() << '\n';
      unreadable = true;
      continue;
    } catch (const SyntaxError& error) {
      std::cerr << error.render() << '\n';
      unreadable = true;
      continue;
    }
    for (const SyntaxError& error : documents.back().errors) {
      std::cerr << error.render() << '\n';
      unreadable = true;
    }
  }
  std::vector<const Claim*> claims;
  for (const Document& d : documents)
    for (const Claim& c : d.claims)
      if (selected(c.id, options.only)) claims.push_back(&c);

  const InterruptWatch watch;
  Results results(claims.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned k = 0; k < std::max(1u, options.jobs); ++k)
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < claims.size(); i = next++) {
        Results::Slot slot;
        if (!watch.token().stop_requested()) {
          try {
            slot.report = check(*claims[i], options.check, watch.token());
          } catch (const SyntaxError& error) {
            slot.error = error;
          }
        }
        results.fill(i, std::move(slot));
      }
    });

  const bool colour = isatty(STDOUT_FILENO) != 0;
  const bool progress = isatty(STDERR_FILENO) != 0 && (options.json || !colour);
  Report report{.options = options.check, .claims = {}, .timing = options.timing};
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (progress) std::cerr << "\r\x1b[K" << i + 1 << '/' << claims.size() << ' ' << claims[i]->id << std::flush;
    Results::Slot slot = results.take(i);
    if (progress) std::cerr << "\r\x1b[K" << std::flush;
    if (slot.error) {
      std::cerr << slot.error->render() << '\n';
      unreadable = true;
    }
    if (!slot.report) continue;
    if (!options.json) {
      std::cout << to_line(*slot.report, colour) << '\n';
      if (options.verbose || !slot.report->as_expected()) std::cout << details(*slot.report);
      std::cout << std::flush;
    }
    report.claims.push_back(std::move(*slot.report));
  }
  workers.clear();
  const Summary summary = summarise(report);
  if (options.json)
    std::cout << to_json(report);
  else
    std::cout << to_line(summary) << '\n';
  std::cout << std::flush;
  if (watch.token().stop_requested()) return exit_interrupted;
  if (unreadable) return exit_input;
  return summary.unexpected > 0 ? exit_unexpected : exit_ok;
}

}  // namespace

void add_verify(CLI::App& program, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("verify", "Check the claims of Markdown files");
  command->add_option("FILE|FOLDER", options->paths, "Documents of claims; of a folder every .md file below it")
      ->required();
  command->add_option("--digits", options->check.digits, "Digits of the numbers in the report")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_option("--seed", options->check.seed, "Of the sampled points")->capture_default_str();
  command->add_option("--points", options->check.points, "Sampled points per statement")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--only", options->only, "Only claims whose identifier matches: a/b/*, or everything below a/b");
  command->add_option("--time", options->check.seconds, "Seconds per claim; what was found until then is kept")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--jobs", options->jobs, "Claims checked at the same time")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str();
  command->add_flag("--json", options->json, "The report as one JSON object (schema nabla.verify/1)");
  command->add_flag("--timing", options->timing, "Add the seconds of each claim to the JSON");
  command->add_flag("--verbose", options->verbose, "Evidence for every claim, not only for what is unexpected");
  command->footer(
      "Exit status: 0 everything as expected; 1 some verdict differs from what the file expects; 2 wrong usage;\n"
      "3 a file cannot be read or parsed; 130 interrupted, with what was found so far.\n\n"
      "Examples:\n  nabla verify proofs/documents --jobs 2\n  nabla verify notes.md --only 'notes/lemma-*' --verbose\n"
      "  nabla verify notes.md --json --timing > report.json");
  command->callback([options, &chosen] { chosen = [options] { return verify(*options); }; });
}

}  // namespace nabla::app
