#include <fmt/format.h>

#include <nabla/engine/compile/source_products.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_gathered = 2048;  // entries of an array on the stack of written code

/// One of the two factors, as text.
class FactorText {
 public:
  FactorText(SourcePlaces& places, const Access& a, const VectorInstruction& sum, std::string_view name)
      : made_(places.factor(a, sum.count, sum.terms)), is_constant_(a.is_constant), terms_(sum.terms), name_(name) {
    gathers_ = made_.factor.kind == Factor::Kind::shared && !is_constant_ && terms_ <= most_gathered;
  }

  bool is_constant() const { return is_constant_; }
  /// Whether the adjoints of a factor that every row shares are added up in an array of their own.
  bool collects() const { return made_.factor.is_shared() && !is_constant_ && terms_ <= most_gathered; }
  std::string sent() const { return fmt::format("sent_{}", name_); }

  /// Declares what value() reads: a row that every row shares, in one piece.
  std::string gathered() const {
    if (!gathers_) return "";
    return fmt::format("    double {0}[{1}];\n    for (std::size_t j = 0; j < {1}; ++j) {0}[j] = {2}[{3}[j]];\n", name_,
                       terms_, made_.array.values, made_.table);
  }
  std::string value(std::string_view row) const {
    if (gathers_) return fmt::format("{}[j]", name_);
    if (is_constant_) return fmt::format("{}[{}]", made_.table, in_table(row));
    return fmt::format("{}[{}]", made_.array.values, place(row));
  }
  std::string adjoint(std::string_view row) const { return fmt::format("{}[{}]", made_.array.adjoints, place(row)); }

 private:
  std::string in_table(std::string_view row) const {
    return made_.factor.is_shared() ? "j" : fmt::format("{} * {} + j", row, terms_);
  }
  std::string place(std::string_view row) const {
    const Factor& f = made_.factor;
    if (f.kind != Factor::Kind::matrix) return fmt::format("{}[{}]", made_.table, in_table(row));
    const auto times = [](std::string_view index, std::size_t stride) -> std::string {
      if (stride == 0) return "";
      return stride == 1 ? fmt::format(" + {}", index) : fmt::format(" + {} * {}u", index, stride);
    };
    return fmt::format("{}{}{}", f.base, times(row, f.row), times("j", f.column));
  }

  SourceFactor made_;
  bool is_constant_ = false, gathers_ = false;
  std::size_t terms_;
  std::string name_;
};

}  // namespace

std::string source_of_products(SourcePlaces& places, const VectorInstruction& sum, std::size_t result) {
  const FactorText a(places, sum.operands[1], sum, "row_a"), b(places, sum.operands[2], sum, "row_b");
  const auto first = [&](std::string_view index) { return places.operand(sum.operands[0], sum.count, index).text; };
  std::string out = "  {\n" + a.gathered() + b.gathered() + "    std::size_t i = 0;\n";
  if (sum.count >= 8)
    out += fmt::format(
        "    for (; i + 8 <= {0}; i += 8) {{\n      double total[8];\n"
        "      for (std::size_t r = 0; r < 8; ++r) total[r] = {1};\n"
        "      for (std::size_t j = 0; j < {2}; ++j)\n"
        "        for (std::size_t r = 0; r < 8; ++r) total[r] += {3} * {4};\n"
        "      for (std::size_t r = 0; r < 8; ++r) v[{5} + i + r] = total[r];\n    }}\n",
        sum.count, first("(i + r)"), sum.terms, a.value("(i + r)"), b.value("(i + r)"), result);
  out += fmt::format(
      "    for (; i < {}; ++i) {{\n      double total = {};\n"
      "      for (std::size_t j = 0; j < {}; ++j) total += {} * {};\n      v[{} + i] = total;\n    }}\n  }}\n",
      sum.count, first("i"), sum.terms, a.value("i"), b.value("i"), result);
  return out;
}

std::string source_of_products_back(SourcePlaces& places, const VectorInstruction& sum, std::size_t result) {
  const FactorText a(places, sum.operands[1], sum, "row_a"), b(places, sum.operands[2], sum, "row_b");
  std::string before, body, after;
  if (const std::string first = places.operand(sum.operands[0], sum.count, "i").adjoint; !first.empty())
    body += fmt::format("      {} += t;\n", first);
  const auto send = [&](const FactorText& to, const FactorText& other) {
    if (to.is_constant()) return;
    before += other.gathered();
    const std::string where = to.collects() ? to.sent() + "[j]" : to.adjoint("i");
    body +=
        fmt::format("      for (std::size_t j = 0; j < {}; ++j) {} += t * {};\n", sum.terms, where, other.value("i"));
    if (!to.collects()) return;
    before += fmt::format("    double {}[{}] = {{}};\n", to.sent(), sum.terms);
    after +=
        fmt::format("    for (std::size_t j = 0; j < {}; ++j) {} += {}[j];\n", sum.terms, to.adjoint("0"), to.sent());
  };
  send(a, b);
  send(b, a);
  if (body.empty()) return "";
  return fmt::format(
      "  {{\n{}    for (std::size_t i = 0; i < {}; ++i) {{\n      const double t = a[{} + i];\n"
      "      if (t == 0) continue;\n{}    }}\n{}  }}\n",
      before, sum.count, result, body, after);
}

}  // namespace nabla
