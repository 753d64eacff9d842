// What a gradient at N digits costs over one that is written by hand with MPFR, and a product of 64x64 matrices over
// Arb's: the least of many interleaved runs in this process. Before anything is timed the results are compared.
//
//   taskset -c 0 build/release/bench/bench_digits           # on one core
//   taskset -c 0,1 build/release/bench/bench_digits 2       # also with two threads
#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <nabla/engine/compile/compiled_digits.hpp>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/nabla.hpp>
#if __has_include(<flint/arb_mat.h>)
#include <flint/arb_mat.h>
#else
#include <arb_mat.h>
#endif

#include "stopwatch.hpp"
#include "workloads.hpp"

namespace {

/// MPFR numbers that are cleared at the end.
class Numbers {
 public:
  Numbers(std::size_t n, mpfr_prec_t bits) : numbers_(n) {
    for (auto& x : numbers_) mpfr_init2(&x, bits);
  }
  ~Numbers() {
    for (auto& x : numbers_) mpfr_clear(&x);
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  mpfr_ptr operator[](std::size_t i) { return &numbers_[i]; }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::vector<__mpfr_struct> numbers_;
};

/// Rosenbrock's function and its gradient, no operation more than the formulas need.
void rosenbrock_by_hand(mpfr_ptr f, Numbers& g, Numbers& x, Numbers& t) {
  constexpr mpfr_rnd_t N = MPFR_RNDN;
  mpfr_set_ui(f, 0, N);
  mpfr_set_ui(g[0], 0, N);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    mpfr_sqr(t[0], x[i], N);
    mpfr_sub(t[0], x[i + 1], t[0], N);  // a
    mpfr_ui_sub(t[1], 1, x[i], N);      // b
    mpfr_sqr(t[2], t[0], N);
    mpfr_mul_ui(t[2], t[2], 100, N);
    mpfr_add(f, f, t[2], N);
    mpfr_sqr(t[2], t[1], N);
    mpfr_add(f, f, t[2], N);
    mpfr_mul_ui(g[i + 1], t[0], 200, N);
    mpfr_mul(t[2], g[i + 1], x[i], N);
    mpfr_add(t[2], t[2], t[1], N);
    mpfr_mul_2ui(t[2], t[2], 1, N);
    mpfr_sub(g[i], g[i], t[2], N);
  }
}

/// sum of log(1 + exp(sin(x_i) x_(i+1))) sqrt(1 + x_i^2).
void transcendental_by_hand(mpfr_ptr f, Numbers& g, Numbers& x, Numbers& t) {
  constexpr mpfr_rnd_t N = MPFR_RNDN;
  mpfr_set_ui(f, 0, N);
  mpfr_set_ui(g[0], 0, N);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    mpfr_sin_cos(t[0], t[1], x[i], N);
    mpfr_mul(t[2], t[0], x[i + 1], N);
    mpfr_exp(t[2], t[2], N);  // e
    mpfr_add_ui(t[3], t[2], 1, N);
    mpfr_log(t[4], t[3], N);  // l
    mpfr_sqr(t[5], x[i], N);
    mpfr_add_ui(t[5], t[5], 1, N);
    mpfr_sqrt(t[5], t[5], N);  // r
    mpfr_fma(f, t[4], t[5], f, N);
    mpfr_mul(t[2], t[2], t[5], N);
    mpfr_div(t[2], t[2], t[3], N);  // r e / (1 + e)
    mpfr_mul(g[i + 1], t[2], t[0], N);
    mpfr_mul(t[2], t[2], t[1], N);
    mpfr_mul(t[2], t[2], x[i + 1], N);
    mpfr_add(g[i], g[i], t[2], N);
    mpfr_mul(t[4], t[4], x[i], N);
    mpfr_div(t[4], t[4], t[5], N);
    mpfr_add(g[i], g[i], t[4], N);
  }
}

using Compiled = std::vector<std::unique_ptr<nabla::CompiledDigits>>;

/// For one thread and, where asked for, for more.
Compiled compile(const nabla::Computation& computation, int digits, std::size_t threads) {
  Compiled made;
  made.push_back(std::make_unique<nabla::CompiledDigits>(computation, digits));
  if (threads > 1) made.push_back(std::make_unique<nabla::CompiledDigits>(computation, digits, threads));
  return made;
}

/// Microseconds of the peer, and ours in multiples of them.
void print_times(std::string_view name, int digits, std::string_view peer, std::function<void()> work,
                 const Compiled& compiled, std::size_t threads) {
  std::vector<bench::Stopwatch> watches{bench::Stopwatch(std::move(work))};
  for (const auto& c : compiled) watches.emplace_back([&c] { c->run(); });
  std::vector<bench::Stopwatch*> all;
  for (bench::Stopwatch& w : watches) all.push_back(&w);
  bench::run_for(2, all);
  fmt::print("{:26}{:5} digits: {} {:>9.4g} us, compiled {:>9.4g} us, {:.3f} x", name, digits, peer,
             watches[0].best() * 1e6, watches[1].best() * 1e6, watches[1].best() / watches[0].best());
  if (watches.size() > 2)
    fmt::print("; {} threads {:.4g} us, {:.3f} x", threads, watches[2].best() * 1e6,
               watches[2].best() / watches[0].best());
  fmt::print("\n");
}

template <class Workload>
void measure(const char* name, std::size_t n, void (*by_hand)(mpfr_ptr, Numbers&, Numbers&, Numbers&),
             std::size_t threads) {
  const std::vector<double> x = workloads::point(n);
  const nabla::Function f(nabla::record(Workload(), std::span<const double>(x)));
  for (const int digits : {50, 200, 1000}) {
    const Compiled compiled = compile(nabla::value_and_gradient_of(f), digits, threads);
    const mpfr_prec_t bits = compiled[0]->bits();
    Numbers at(n, bits), g(n, bits), t(6, bits), value(1, bits);
    for (std::size_t i = 0; i < n; ++i) {
      // With all their digits: a multiplication of short numbers would be cheaper than what is measured here.
      mpfr_set_d(at[i], 0.1 * static_cast<double>(i) + 0.3, MPFR_RNDN);
      mpfr_sin(at[i], at[i], MPFR_RNDN);
      for (const auto& c : compiled) mpfr_set(c->input(i, 0), at[i], MPFR_RNDN);
    }
    by_hand(value[0], g, at, t);
    for (const auto& c : compiled) {
      c->run();
      for (std::size_t i = 0; i < n; ++i) {
        mpfr_sub(t[0], g[i], c->output(i + 1, 0), MPFR_RNDN);
        if (mpfr_zero_p(t[0]) == 0 && mpfr_get_exp(t[0]) > 24 - bits)
          throw std::runtime_error(fmt::format("{}: derivative {} differs", name, i));
      }
    }
    print_times(
        name, digits, "by hand", [&] { by_hand(value[0], g, at, t); }, compiled, threads);
  }
}

void measure_product(std::size_t threads) {
  constexpr std::size_t n = 64;
  const nabla::Expr a = nabla::variable("a", nabla::Shape{n, n}), b = nabla::variable("b", nabla::Shape{n, n});
  for (const int digits : {50, 200, 1000}) {
    const Compiled compiled = compile(nabla::values_of(nabla::Function(matmul(a, b), {a, b})), digits, threads);
    arb_mat_t x, y, z;
    arb_mat_init(x, n, n);
    arb_mat_init(y, n, n);
    arb_mat_init(z, n, n);
    const auto entry = [&](std::size_t input, arb_mat_t to, std::size_t k) {
      const mpfr_ptr each = compiled[0]->input(input, k);
      mpfr_set_ui(each, 2 * k + input + 1, MPFR_RNDN);
      mpfr_sqrt(each, each, MPFR_RNDN);
      if (compiled.size() > 1) mpfr_set(compiled[1]->input(input, k), each, MPFR_RNDN);
      arf_set_mpfr(arb_midref(arb_mat_entry(to, static_cast<slong>(k / n), static_cast<slong>(k % n))), each);
    };
    for (std::size_t k = 0; k < n * n; ++k) {
      entry(0, x, k);
      entry(1, y, k);
    }
    print_times(
        "product of 64x64 matrices", digits, "by Arb ", [&] { arb_mat_mul(z, x, y, compiled[0]->bits()); }, compiled,
        threads);
    arb_mat_clear(x);
    arb_mat_clear(y);
    arb_mat_clear(z);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t threads = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1;
  fmt::print("one gradient at N digits, beside one by hand with MPFR (least of many runs)\n");
  measure<workloads::Rosenbrock>("Rosenbrock, n = 200", 200, rosenbrock_by_hand, threads);
  measure<workloads::Transcendental>("transcendental, n = 200", 200, transcendental_by_hand, threads);
  measure_product(threads);
}
