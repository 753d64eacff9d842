#include <doctest/doctest.h>

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nabla/proofs/recheck/witness/algebraic.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>
#include <nabla/proofs/report/report.hpp>
#include <string>

#include "proofs/check/refutation_cases.hpp"
#include "proofs/row_stride.hpp"

using namespace nabla;

namespace {

/// Every certificate of kind `witness` of a refuted claim, replayed.
std::vector<ReplayedCertificate> replayed(const std::string& lines) {
  const std::string text = "```claim t\n" + lines + "\n```\n";
  ClaimIds ids;
  const Document document = read_document(Source("test.md", text), ids);
  CheckOptions options;
  options.suggest = false;
  Report report{.options = options, .claims = {check(document.claims.at(0), options)}};
  std::vector<ReplayedCertificate> witnesses;
  if (report.claims[0].verdict != Verdict::refuted) return witnesses;
  for (ReplayedCertificate& r : recheck(to_json(report), [&](const std::string&) { return text; }))
    if (r.kind == "witness") witnesses.push_back(std::move(r));
  return witnesses;
}

}  // namespace

TEST_CASE("the witness of every false relation is confirmed by other arithmetic") {
  int seen = 0, open = 0;
  std::size_t row = 0;
  for (const RefutationCase& c : relation_cases()) {
    if (row++ % row_stride != 0) continue;
    for (const ReplayedCertificate& r : replayed(std::string(c.given) + "\nshow " + c.lie)) {
      ++seen;
      CHECK_MESSAGE(r.outcome != Outcome::failed, c.lie << ": " << r.message);
      if (r.outcome != Outcome::confirmed) {
        ++open;
        MESSAGE("open: " << c.lie << ": " << r.message);
      }
    }
  }
  CHECK(seen >= 45 / static_cast<int>(row_stride));
  CHECK(open <= 2);
}

TEST_CASE("pairs of points are confirmed for every predicate, and a pair that proves nothing fails") {
  for (const char* lines :
       {"given x in R\nshow convex(x^3, x)", "given x in R\nshow concave(x^2, x)",
        "given x in R\nshow strongly_convex(cosh(x), x, 1.0001)", "given x in R\nshow smooth(softplus(x), x, 24/100)",
        "given x in R\nshow smooth(abs(x), x, 1000)", "given x in (0, 1]\nshow lipschitz(sqrt(x), x, 50)",
        "given x in R\nshow cocoercive(sin(x), x, 10)", "given x in R\nshow increasing(x^2, x)",
        "given x in R[2]\nshow increasing(x[1] - x[2], x)", "given x in R\nshow decreasing(exp(x), x)",
        "given x in R[3]\nshow linear(x + ones(3), x)", "given x, y in R\nshow convex(x^2 * y^2, (x, y))",
        "given X in spd[2]\nshow convex(log(det(X)), X)", "given x, a in R\nshow a >= -1 implies convex(a * x^2, x)",
        "given x in [-1, 1]\nshow lipschitz(grad(abs(x)^(3/2), x), x, 100)"}) {
    const auto all = replayed(lines);
    CHECK_MESSAGE(all.size() == 1, lines);
    for (const ReplayedCertificate& r : all) CHECK_MESSAGE(r.outcome == Outcome::confirmed, lines << ": " << r.message);
  }
}

TEST_CASE("enclosures hold what they should at any precision") {
  using rederive::Enclosure;
  for (const mpfr_prec_t bits : {64, 128, 1000}) {
    const rederive::EnclosureBits precision(bits);
    using N = Number<Enclosure>;
    const Enclosure third = N::of(Constant::ratio(1, 3));
    CHECK(N::equal(third + third + third, Enclosure(1)) == Truth::unknown);
    CHECK(N::less(third, N::of(Constant::ratio(334, 1000))) == Truth::yes);
    CHECK(N::equal(N::powi(N::sqrt(Enclosure(4)), 3), Enclosure(8)) == Truth::yes);
    CHECK_FALSE(N::log(Enclosure(0)).total);
    CHECK_FALSE((Enclosure(1) / Enclosure(0)).total);
    const Enclosure one = N::powi(N::sin(third), 2) + N::powi(N::cos(third), 2);
    CHECK(N::less(Enclosure(1), one) == Truth::unknown);
    CHECK(N::less(one, N::of(Constant::ratio(1001, 1000))) == Truth::yes);
    const Enclosure copied = third;
    CHECK(mpfr_get_prec(copied.lo.get()) == bits);
  }
}

TEST_CASE("logarithms of rational numbers are compared exactly") {
  using N = Number<Algebraic>;
  const Algebraic two(2), three(3);
  const Algebraic pi = N::of(Constant::pi());
  CHECK(N::equal(N::exp(N::log(two)), two) == Truth::yes);
  CHECK(N::equal(N::log(two) + N::log(three), N::log(Algebraic(6))) == Truth::yes);
  CHECK(N::equal(N::log(two) + N::log(three), N::log(Algebraic(5))) == Truth::no);
  CHECK(N::equal(N::log(Algebraic(8)), Algebraic(3) * N::log(two)) == Truth::yes);
  CHECK(N::equal(N::log(Algebraic(8)), two * N::log(two)) == Truth::no);
  CHECK(N::equal(N::log(two) - N::log(two), Algebraic(0)) == Truth::yes);
  CHECK(N::equal(N::log(Algebraic(Rational(1, 2))), -N::log(two)) == Truth::yes);
  CHECK(N::equal(N::log(two), Algebraic(Rational(25469, 36744))) == Truth::no);  // agree in 9 digits
  CHECK(N::equal(N::log(two) + pi, N::log(three) + pi) == Truth::no);
  CHECK(N::equal(N::exp(N::log(two) + Algebraic(1)), two) == Truth::no);
  CHECK(N::equal(N::exp(N::log(two) + Algebraic(1)), two * N::exp(Algebraic(1))) == Truth::yes);
  CHECK(N::equal(N::exp(Algebraic(-1)) * N::log(N::exp(Algebraic(-1))), -N::exp(Algebraic(-1))) == Truth::yes);
  CHECK(N::equal(N::exp(two) + Algebraic(1), three) == Truth::unknown);
  CHECK(N::equal(N::log(two + N::sqrt(three)), -N::log(two - N::sqrt(three))) == Truth::yes);
  CHECK(N::equal(N::log(two + N::sqrt(three)), N::log(two - N::sqrt(three))) == Truth::no);
  CHECK(N::less(N::log(Algebraic(Rational(1, 2))), Algebraic(0)) == Truth::yes);
  CHECK(N::less(Algebraic(0), N::log(two)) == Truth::yes);
  CHECK(N::equal(N::log2(Algebraic(8)), Algebraic(3)) == Truth::unknown);
  CHECK(N::equal(N::log(two) * N::log(two), N::log(two)) == Truth::unknown);
  CHECK(N::equal(N::log(two) / two, N::log(N::sqrt(two))) == Truth::yes);
  CHECK(N::equal(N::log(two) / two, N::log(N::cbrt(two))) == Truth::no);
  CHECK(N::equal(N::sin(N::log(two)), Algebraic(0)) == Truth::unknown);
  CHECK(N::equal(N::sqrt(N::log(two)), Algebraic(1)) == Truth::unknown);
}

TEST_CASE("sums of arctangents are compared exactly") {
  using N = Number<Algebraic>;
  const auto atan = [](int p, int q) { return N::atan(Algebraic(Rational(p, q))); };
  const Algebraic quarter = N::of(Constant::pi()) / Algebraic(4);
  CHECK(N::equal(Algebraic(4) * atan(1, 5) - atan(1, 239), quarter) == Truth::yes);  // Machin
  CHECK(N::equal(Algebraic(4) * atan(1, 5) - atan(1, 238), quarter) == Truth::no);
  CHECK(N::equal(Algebraic(4) * atan(1, 5) + atan(1, 239), quarter) == Truth::no);
  CHECK(N::equal(atan(2, 1) + atan(3, 1), Algebraic(3) * quarter) == Truth::yes);
  CHECK(N::equal(atan(2, 1) + atan(3, 1), -quarter) == Truth::no);  // the same tangent
  CHECK(N::equal(Algebraic(8) * atan(2, 1) + Algebraic(8) * atan(1, 2), Algebraic(16) * quarter) == Truth::yes);
  CHECK(N::equal(Algebraic(8) * atan(2, 1) + Algebraic(8) * atan(1, 2), Algebraic(0)) == Truth::no);  // a whole turn
  CHECK(N::equal(N::asin(Algebraic(Rational(3, 5))) + N::asin(Algebraic(Rational(4, 5))), Algebraic(2) * quarter) ==
        Truth::yes);
  CHECK(N::equal(N::acos(Algebraic(Rational(3, 5))), N::asin(Algebraic(Rational(3, 5)))) == Truth::no);
  CHECK(N::equal(atan(1, 2) / Algebraic(2), atan(1, 4)) == Truth::unknown);
  CHECK(N::equal(atan(1, 2) + N::log(Algebraic(2)), atan(1, 2)) == Truth::no);
}

TEST_CASE("gamma at halves of integers is compared exactly") {
  using N = Number<Algebraic>;
  const Algebraic root = N::sqrt(N::of(Constant::pi()));
  CHECK(N::equal(N::gamma(Algebraic(Rational(1, 2))), root) == Truth::yes);
  CHECK(N::equal(N::gamma(Algebraic(Rational(7, 2))), Algebraic(Rational(15, 8)) * root) == Truth::yes);
  CHECK(N::equal(N::gamma(Algebraic(Rational(7, 2))), Algebraic(Rational(15, 7)) * root) == Truth::no);
  CHECK(N::equal(N::gamma(Algebraic(5)), Algebraic(24)) == Truth::yes);
  CHECK(N::equal(N::lgamma(Algebraic(3)), N::log(Algebraic(2))) == Truth::yes);
  CHECK(N::equal(root * root, N::of(Constant::pi())) == Truth::yes);
  CHECK(N::equal(root, Algebraic(Rational(39, 22))) == Truth::no);
  CHECK_FALSE(N::gamma(Algebraic(Rational(1, 3))).is_known());
  CHECK_FALSE(N::gamma(Algebraic(0)).is_known());
}

TEST_CASE("algebraic numbers and multiples of pi are compared exactly") {
  using N = Number<Algebraic>;
  const Algebraic two(2), three(3);
  CHECK(N::equal(N::sqrt(two) * N::sqrt(three), N::sqrt(Algebraic(6))) == Truth::yes);
  CHECK(N::equal(N::sqrt(two) + N::sqrt(three), N::sqrt(Algebraic(10))) == Truth::no);
  const Algebraic pi = N::of(Constant::pi());
  CHECK(N::equal(N::sin(pi / Algebraic(2)), Algebraic(1)) == Truth::yes);
  CHECK(N::equal(N::cos(pi / Algebraic(4)), N::sqrt(Algebraic(2)) / two) == Truth::yes);
  CHECK(N::equal(pi, Algebraic(3)) == Truth::no);
  CHECK(N::equal(N::exp(two), two) == Truth::no);
  CHECK_FALSE(N::sqrt(Algebraic(-1)).is_known());
}
