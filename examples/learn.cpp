// Reverse mode from nothing, for any kind of number; docs/learn.md explains it piece by piece.
#include <fmt/format.h>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/nabla.hpp>

#include <cmath>
#include <cstdlib>
#include <vector>

namespace learn {

template <class V>
struct Step {               // one operation, y = op(left, right)
  std::size_t left, right;  // the steps that it read
  V to_left, to_right;      // its local derivatives, dy/dleft and dy/dright
};

template <class V>
using Tape = std::vector<Step<V>>;

template <class V>
struct Number {
  Tape<V>* tape;
  std::size_t step;  // where its operation stands on the tape
  V value;
};

template <class V>
Number<V> record(const Number<V>& a, const Number<V>& b, V value, V to_a, V to_b) {
  a.tape->push_back({a.step, b.step, to_a, to_b});
  return {a.tape, a.tape->size() - 1, value};
}

template <class V>
Number<V> input(Tape<V>& tape, V value) {  // reads itself
  tape.push_back({tape.size(), tape.size(), V(0), V(0)});
  return {&tape, tape.size() - 1, value};
}

template <class V>
Number<V> operator+(const Number<V>& a, const Number<V>& b) {
  return record<V>(a, b, a.value + b.value, V(1), V(1));
}
template <class V>
Number<V> operator*(const Number<V>& a, const Number<V>& b) {
  return record<V>(a, b, a.value * b.value, b.value, a.value);
}
template <class V>
Number<V> exp(const Number<V>& a) {
  using std::exp;
  const V y = exp(a.value);
  return record<V>(a, a, y, y, V(0));
}
template <class V>
Number<V> log(const Number<V>& a) {
  using std::log;
  return record<V>(a, a, log(a.value), V(1) / a.value, V(0));
}

template <class V>
std::vector<V> adjoints(const Number<V>& f) {
  const Tape<V>& tape = *f.tape;
  std::vector<V> adjoint(tape.size(), V(0));
  adjoint[f.step] = V(1);                       // the seed: df/df
  for (std::size_t k = f.step + 1; k-- > 0;) {  // whoever read k stands behind k
    const Step<V>& s = tape[k];
    if (s.left == k) continue;                                   // an input
    adjoint[s.left] = adjoint[s.left] + adjoint[k] * s.to_left;  // parts add up
    adjoint[s.right] = adjoint[s.right] + adjoint[k] * s.to_right;
  }
  return adjoint;
}

}  // namespace learn

int main() {
  learn::Tape<double> tape;
  const auto x = learn::input(tape, 1.5), y = learn::input(tape, -2.0), one = learn::input(tape, 1.0);
  const auto d = learn::adjoints(log(one + exp(x * y)));
  fmt::print("df/dx = {:.15f}, df/dy = {:.15f}\n", d[x.step], d[y.step]);

  learn::Tape<double> doubled;  // 2^2 ways from a to c, two additions
  const auto a = learn::input(doubled, 1.0), b = a + a, c = b + b;
  fmt::print("dc/da = {}\n", learn::adjoints(c)[a.step]);

  const nabla::Precision fifty(50);
  learn::Tape<nabla::Real> precise;
  const auto u = learn::input(precise, nabla::Real("1.5")), v = learn::input(precise, nabla::Real(-2));
  const auto e = learn::adjoints(log(learn::input(precise, nabla::Real(1)) + exp(u * v)));
  fmt::print("df/dx = {}\n", e[u.step].str());

  learn::Tape<nabla::Expr> symbols;  // now the sweep writes formulas
  const auto p = learn::input(symbols, nabla::variable("p")), q = learn::input(symbols, nabla::variable("q"));
  const auto g = learn::adjoints(p * q + p);
  fmt::print("d(p q + p)/dp = {}\n", to_string(g[p.step]));

  // nabla itself, on the same function.
  const auto f = [](const auto& s, const auto& t) { return nabla::log(1 + nabla::exp(s * t)); };
  const double right = nabla::Function(nabla::record(f, 1.5, -2.0)).gradient<double>({1.5, -2.0})[0];
  return std::abs(right - d[x.step]) < 1e-15 ? EXIT_SUCCESS : EXIT_FAILURE;
}
