#include <doctest/doctest.h>

#include <engine/counted.hpp>
#include <memory>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <string>

// What derivatives cost, in operations counted by a kind of number that this program brings and instantiates itself.

template const nabla::Kernel<nabla::Counted>& nabla::kernel<nabla::Counted>(nabla::Opcode);
template class nabla::Run<nabla::Counted>;

namespace {

using namespace nabla;
using Inputs = std::vector<Recorded>;

struct Cost {
  std::uint64_t function = 0, gradient = 0;  ///< the gradient's includes the function's
  double ratio() const { return static_cast<double>(gradient) / static_cast<double>(function); }
};

double input(std::size_t i) { return 0.75 + static_cast<double>(i % 7) / 16; }

Cost cost(const Function& f, std::size_t n) {
  std::vector<Entries<Counted>> at;
  for (std::size_t i = 0; i < n; ++i) at.push_back({Counted(input(i))});
  Cost c;
  std::uint64_t before = Counted::operations;
  static_cast<void>(f(std::span<const Entries<Counted>>(at)));
  c.function = Counted::operations - before;
  before = Counted::operations;
  static_cast<void>(f.gradient<Counted>(at));
  c.gradient = Counted::operations - before;
  return c;
}

Function recorded(Recorded (*program)(const Inputs&), std::size_t n) {
  std::vector<double> at;
  for (std::size_t i = 0; i < n; ++i) at.push_back(input(i));
  return Function(record(program, std::span<const double>(at)));
}

/// The input after the last is the first.
const Recorded& next(const Inputs& x, std::size_t i) { return x[(i + 1) % x.size()]; }

struct Program {
  std::string name;
  Recorded (*f)(const Inputs&);
};
const Program programs[] = {
    {"Rosenbrock",
     [](const Inputs& x) {
       Recorded y = 0;
       for (std::size_t i = 0; i < x.size(); ++i) {
         const Recorded a = next(x, i) - x[i] * x[i], b = 1 - x[i];
         y += 100 * a * a + b * b;
       }
       return y;
     }},
    {"Speelpenning: the product of all",
     [](const Inputs& x) {
       Recorded y = x[0] * x[0];
       for (const Recorded& e : x) y = y * e;
       return y;
     }},
    {"a sum of everything",
     [](const Inputs& x) {
       Recorded y = x[0] + x[0];
       for (const Recorded& e : x) y += e;
       return y;
     }},
    {"sines and exponentials",
     [](const Inputs& x) {
       Recorded y = 0;
       for (std::size_t i = 0; i < x.size(); ++i) y += sin(x[i]) * exp(next(x, i)) - cos(x[i] * x[i]);
       return y;
     }},
    {"logistic loss",
     [](const Inputs& x) {
       Recorded y = 0;
       for (std::size_t i = 0; i < x.size(); ++i) y += log(1 + exp(-(x[i] * next(x, i)))) + 0.5 * x[i] * x[i];
       return y;
     }},
    {"quotients and roots",
     [](const Inputs& x) {
       Recorded y = 0;
       for (std::size_t i = 0; i < x.size(); ++i) y += x[i] / (1 + next(x, i) * next(x, i)) + sqrt(1 + x[i]);
       return y;
     }},
    {"Horner's scheme",
     [](const Inputs& x) {
       Recorded y = 1;
       for (const Recorded& e : x) y = y * x[0] + e;
       return y;
     }},
};

}  // namespace

TEST_CASE("the gradient of a scalar program does at most 5 times its arithmetic, for 1, 1000 and 1000000 inputs") {
  for (const Program& program : programs) {
    Cost thousand;
    for (const std::size_t n : {std::size_t{1}, std::size_t{1000}, std::size_t{1000000}}) {
      if (n > 1000 && &program > &programs[1]) continue;  // two programs at a million inputs are enough
      CAPTURE(program.name);
      CAPTURE(n);
      const Cost c = cost(recorded(program.f, n), n);
      CHECK(c.function >= n);
      CAPTURE(c.function);
      CAPTURE(c.gradient);
      CHECK(c.ratio() <= 5.0);
      if (n == 1000) thousand = c;
      if (n > 1000) CHECK(c.ratio() == doctest::Approx(thousand.ratio()).epsilon(0.01));
    }
  }
}

TEST_CASE(
    "the symbolic gradient of a scalar program costs no more than the reverse sweep, whatever the number of inputs") {
  for (const Program& program : programs) {
    CAPTURE(program.name);
    const std::size_t n = 500;
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Recording recording = [&] {
      std::vector<double> at;
      for (std::size_t i = 0; i < n; ++i) at.push_back(input(i));
      return record(program.f, std::span<const double>(at));
    }();
    // The recording's nodes again as expressions, one after another.
    std::vector<Expr> inputs, nodes;
    for (NodeId id = 0; id < recording.graph().size(); ++id) {
      if (recording.graph().is(id, opcode<Variable>)) {
        inputs.push_back(variable(recording.graph().variable_name(id)));
        nodes.push_back(inputs.back());
        continue;
      }
      std::vector<Expr> operands;
      for (const Ref r : recording.graph().operands(id))
        operands.push_back(r.is_node() ? nodes[r.id()] : Expr(recording.graph().constant_at(r.index())));
      nodes.push_back(detail::append(recording.graph().code(id), {}, operands, recording.graph().attributes(id)));
    }
    const Expr y = nodes[recording.outputs()[0].id()];
    std::vector<Expr> outputs = gradient(y, inputs);
    outputs.push_back(y);
    std::vector<Entries<Counted>> at;
    for (std::size_t i = 0; i < n; ++i) at.push_back({Counted(input(i))});
    const std::uint64_t before = Counted::operations;
    static_cast<void>(Function(std::span<const Expr>(outputs), inputs)(std::span<const Entries<Counted>>(at)));
    const std::uint64_t symbolic = Counted::operations - before;
    const Cost numeric = cost(Function(recording), n);
    CAPTURE(symbolic);
    CAPTURE(numeric.gradient);
    CHECK(symbolic <= numeric.gradient);
  }
}

TEST_CASE("a chain with 2^steps paths costs in proportion to its steps") {
  const auto gradient_of = [](int steps) {
    return cost(Function(record(
                    [steps](Recorded x) {
                      for (int i = 0; i < steps; ++i) x = (x + x) / 2;
                      return x;
                    },
                    1.0)),
                1)
        .gradient;
  };
  CHECK(gradient_of(10'000) <= 10 * gradient_of(1000));
  CHECK(gradient_of(10'000) <= 20 * 10'000);
}

TEST_CASE("a kind of number that a program brings runs tensors and is refused what it cannot do") {
  const Expr a = variable("a", {2, 3});
  const Expr b = variable("b", {3});
  const Function f(sum(matmul(a, b)), {a, b});
  const std::vector<Entries<Counted>> at{Entries<Counted>(6, Counted(0.5)), Entries<Counted>(3, Counted(2.0))};
  const std::uint64_t before = Counted::operations;
  CHECK(f(std::span<const Entries<Counted>>(at))[0][0].value == 6);
  CHECK(Counted::operations - before == 2 * 3 * 2 + 2);
  CHECK(f.gradient<Counted>(at)[1][0].value == 1);
  try {
    static_cast<void>(Function(erf(sum(b)), {b}).run<Counted>(std::span(at).subspan(1)));
    FAIL("erf of a number that has none");
  } catch (const UnsupportedError& error) {
    CHECK(std::string(error.what()).ends_with("erf has no value in counted numbers"));
  }
}
