#include <fmt/format.h>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/nabla.hpp>
using namespace nabla;

auto model(const auto& x, const auto& y) { return log(1 + exp(x * y)); }  // written once, for every kind of number

int main() {
  const Expr x = variable("x"), y = variable("y");
  const Expr f = model(x, y);
  fmt::print("f      {}\ndf/dx  {}\n", to_string(f), to_string(gradient(f, x)));  // build, differentiate, print
  const Function run(f, {x, y});
  fmt::print("double {}\n", run.value<double>({1.0, 2.0}));  // run in double,
  const Precision hundred(100);
  fmt::print("real   {}\n", run.value<Real>({lit<Real>("1/3"), lit<Real>("pi")}).str());  // at 100 digits,
  fmt::print("ball   {}\n", run.value<Ball>({Ball(1), Ball(2)}).to_string(30));           // enclosed in a ball

  const Recording recording = record([](auto u, auto v) { return model(u, v); }, 1.0, 2.0);    // an ordinary function,
  const Precision two_hundred(200);                                                            // recorded in double,
  fmt::print("replay {}\n", Function(recording).gradient<Real>({Real(1), Real(2)})[0].str());  // replayed at 200 digits
}
