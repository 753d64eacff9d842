// Where the nodes of a recording come from: the user's lines, the names and functions that the user gave.
#include <doctest/doctest.h>

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/eigen.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>

namespace {

using namespace nabla;

/// The lines of the nodes that are operations, in order.
std::vector<int> lines(const Recording& recording) {
  std::vector<int> found;
  for (NodeId id = 0; id < recording.graph().size(); ++id) {
    const Origin& origin = recording.graph().origin(id);
    if (recording.graph().is(id, opcode<Variable>)) {
      CHECK(origin == Origin{});
      continue;
    }
    CHECK(origin.file.ends_with("recording_lines_test.cpp"));
    CHECK(origin.column > 0);
    found.push_back(static_cast<int>(origin.line));
  }
  return found;
}

template <class T>
T halved(const T& x) {
  return x / 2;
}

template <class T>
T smooth_loss(const T& x, const T& y) {
  const T z = halved(x) - y;
  return z * z;
}

constexpr int here = __LINE__;
template <class T>
T one_a_line(const T& x, const T& y) {
  T a = x + y;                     // 3
  a = 2 * a;                       // 4
  a -= 0.5;                        // 5
  a *= y;                          // 6
  a = -a;                          // 7
  a = exp(a);                      // 8
  a = powi(a, 3);                  // 9
  a = atan2(a, x);                 // 10
  a = a / (y *                     // 12: the quotient, where its left operand is
           x);                     // 11 or 12
  return named(a, "result") + 1L;  // 13
}

}  // namespace

TEST_CASE("an operation of a recording knows the user's line") {
  const Recording recording = record([](auto x, auto y) { return one_a_line(x, y); }, 0.5, 1.5);
  const std::vector<int> found = lines(recording);
  REQUIRE(found.size() == 11);
  for (const int k : {0, 1, 2, 3, 4, 5, 6, 7}) CHECK(found[static_cast<std::size_t>(k)] == here + 3 + k);
  for (const int k : {8, 9}) {
    CHECK(found[static_cast<std::size_t>(k)] >= here + 11);
    CHECK(found[static_cast<std::size_t>(k)] <= here + 12);
  }
  CHECK(found[10] == here + 13);
  CHECK(Function(recording).value<double>({0.5, 1.5}) == one_a_line(0.5, 1.5));
}

TEST_CASE("a loop has the same lines at every turn, and the cost of a place is paid once") {
  const int line = __LINE__ + 4;
  const Recording recording = record(
      [](Recorded x) {
        Recorded y = x;
        for (int k = 0; k < 1000; ++k) y = y * x + k;
        return y;
      },
      0.5);
  const std::vector<int> found = lines(recording);
  REQUIRE(found.size() == 2000);
  for (const int each : found) CHECK(each == line);
  CHECK(recording.graph().origin_id(1) == recording.graph().origin_id(1999));
}

TEST_CASE("errors and kinks of a recorded program name its line") {
  const int line = __LINE__ + 1;
  const Function f(record([](Recorded x) { return abs(x) + 1 / x; }, 0.5));
  const std::string place = "recording_lines_test.cpp:" + std::to_string(line);
  try {
    static_cast<void>(f.value<Rational>({Rational(0)}));
    FAIL("1 / 0");
  } catch (const UndefinedError& error) {
    CHECK(std::string(error.what()).find(place) != std::string::npos);
  }
  const std::vector<Entries<double>> at{{0.0}};
  const auto kinks = f.run<double>(at).kinks();
  REQUIRE(kinks.size() == 1);
  CHECK(kinks[0].origin.line == static_cast<std::uint32_t>(line));
}

TEST_CASE("a recording knows the functions and names of its author") {
  const Recording recording = record([](auto x, auto y) { return named(smooth_loss(x, y), "loss"); }, 0.5, 1.5);
  const Graph& graph = recording.graph();
  REQUIRE(graph.size() == 5);
  CHECK(recording.function(2) == "halved");
  CHECK(recording.function(3) == "smooth_loss");
  CHECK(recording.function(4) == "smooth_loss");
  CHECK(recording.name(4) == "loss");
  CHECK(recording.name(3).empty());
  const Recording lambda = record([](Recorded x) { return x * x; }, 2.0);
  CHECK(lambda.function(1).empty());
  CHECK(named(2.5, "plain") == 2.5);
}

TEST_CASE("what a library computes comes from its own lines, or from the line that a SourceLine holds") {
  using Vector = Eigen::Matrix<Recorded, 2, 1>;
  int line = 0;
  const Recording recording = record(
      [&](Recorded x, Recorded y) {
        const Vector v(x, y);
        const Recorded free = v.dot(v);
        line = __LINE__ + 1;
        const SourceLine place;
        const Recorded held = v.dot(v);
        return free + held;
      },
      1.0, 2.0);
  const Graph& graph = recording.graph();
  std::size_t in_eigen = 0, at_line = 0;
  for (NodeId id = 2; id < graph.size(); ++id) {
    in_eigen += graph.origin(id).file.find("igen") != std::string::npos ? 1U : 0U;
    at_line += graph.origin(id).line == static_cast<std::uint32_t>(line) ? 1U : 0U;
  }
  CHECK(in_eigen == 3);
  CHECK(at_line == 4);  // the three of the product, and the sum while the line was held
  CHECK(Function(recording).gradient<double>({1.0, 2.0}) == std::vector<double>{4, 8});
}

TEST_CASE("recordings that follow each other and that nest keep their places apart") {
  for (int k = 0; k < 3; ++k) {
    const Recording outer = record(
        [](Recorded x) {
          const Recorded y = x * x;
          const Recording inner = record([](Recorded u) { return u * u; }, 2.0);
          CHECK(inner.graph().origin(1).line + 1 == static_cast<std::uint32_t>(__LINE__));
          return y + x;
        },
        1.0);
    CHECK(outer.graph().origin(1).line + 3 == outer.graph().origin(2).line);
  }
}
