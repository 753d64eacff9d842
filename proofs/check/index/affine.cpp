#include <nabla/proofs/check/index/affine.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::index_form {

namespace {

constexpr std::int64_t largest = std::int64_t{1} << 40;

std::int64_t checked(std::int64_t n) {
  if (n > largest || n < -largest) throw NotHandled("a subscript or extent as large as this");
  return n;
}

/// Both within `largest`, so that only the product needs care.
std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t r = 0;
  if (__builtin_mul_overflow(a, b, &r)) throw NotHandled("a subscript or extent as large as this");
  return checked(r);
}

}  // namespace

std::int64_t Affine::coefficient(Symbol s) const {
  for (const auto& [symbol, c] : terms)
    if (symbol == s) return c;
  return 0;
}

Affine operator+(const Affine& a, const Affine& b) {
  Affine result{checked(a.constant + b.constant), {}};
  std::size_t i = 0, j = 0;
  while (i < a.terms.size() || j < b.terms.size()) {
    if (j == b.terms.size() || (i < a.terms.size() && a.terms[i].first < b.terms[j].first)) {
      result.terms.push_back(a.terms[i++]);
    } else if (i == a.terms.size() || b.terms[j].first < a.terms[i].first) {
      result.terms.push_back(b.terms[j++]);
    } else {
      const std::int64_t c = checked(a.terms[i].second + b.terms[j].second);
      if (c != 0) result.terms.emplace_back(a.terms[i].first, c);
      ++i;
      ++j;
    }
  }
  return result;
}

Affine times(const Affine& a, std::int64_t factor) {
  if (factor == 0) return {};
  Affine result{product(a.constant, factor), {}};
  for (const auto& [s, c] : a.terms) result.terms.emplace_back(s, product(c, factor));
  return result;
}

Affine operator-(const Affine& a, const Affine& b) { return a + times(b, -1); }

Affine replaced(const Affine& a, Symbol s, const Affine& by) {
  const std::int64_t c = a.coefficient(s);
  return c == 0 ? a : a - times(Affine::symbol(s), c) + times(by, c);
}

SymbolTable::SymbolTable() : rows_(1) {}

Symbol SymbolTable::make(std::string name, Affine lo, std::optional<Affine> hi) {
  rows_.push_back({std::move(name), std::move(lo), std::move(hi)});
  return static_cast<Symbol>(rows_.size() - 1);
}

std::optional<std::int64_t> SymbolTable::lower_bound(Affine a) const {
  while (!a.is_constant()) {
    const auto [s, c] = a.terms.back();  // the latest: its ends are in earlier ones
    if (a.terms.front().first < 0) return std::nullopt;
    if (c > 0) {
      a = replaced(a, s, lo(s));
    } else if (hi(s)) {
      a = replaced(a, s, *hi(s));
    } else {
      return std::nullopt;
    }
  }
  return a.constant;
}

std::optional<std::int64_t> SymbolTable::upper_bound(const Affine& a) const {
  const auto bound = lower_bound(times(a, -1));
  if (!bound) return std::nullopt;
  return -*bound;
}

bool SymbolTable::is_nonnegative(const Affine& a) const {
  const auto shown = [&](const Affine& b) {
    const auto bound = lower_bound(b);
    return bound && *bound >= 0;
  };
  if (shown(a)) return true;
  for (const Affine& guard : guards_)
    if (shown(a - guard)) return true;
  return false;
}

std::string SymbolTable::text(const Affine& a) const {
  std::string result;
  for (const auto& [s, c] : a.terms) {
    const std::string name = s > 0 ? this->name(s) : "_" + std::to_string(-s);
    const std::string size = c == 1 || c == -1 ? name : std::to_string(c < 0 ? -c : c) + " * " + name;
    result += result.empty() ? (c < 0 ? "-" : "") + size : (c < 0 ? " - " : " + ") + size;
  }
  if (result.empty()) return std::to_string(a.constant);
  if (a.constant != 0)
    result += (a.constant < 0 ? " - " : " + ") + std::to_string(a.constant < 0 ? -a.constant : a.constant);
  return result;
}

}  // namespace nabla::index_form
