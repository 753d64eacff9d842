// main() of every test program. ctest runs one TEST_CASE at a time by its name; a name that selects nothing (a
// character that the command line reads otherwise) must not count as passed, so a run without a single test case fails.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <filesystem>
#include <iostream>

namespace {

unsigned selected = 0;

struct CountSelected : doctest::IReporter {
  explicit CountSelected(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& stats) override { selected = stats.numTestCasesPassingFilters; }
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

REGISTER_LISTENER("selected", 1, CountSelected);

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::current_path(NABLA_RUN_FOLDER);  // wherever it is started, what tests write stays in the build
  doctest::Context context(argc, argv);
  const int status = context.run();
  if (context.shouldExit()) return status;  // a question about the tests (--list-test-cases), not a run
  if (selected == 0) {
    std::cerr
        << "no test case has the name that was asked for (a ; in the name of a test does not pass through ctest)\n";
    return 1;
  }
  return status;
}
