#include <algorithm>
#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/numbers/precision.hpp>

namespace nabla {

namespace {

constexpr int guard_digits = 10;
constexpr int most_rise = 16;

}  // namespace

std::vector<Entries<Ball>> trace_inputs(std::span<const Expr> at) {
  std::vector<Entries<Ball>> inputs;
  for (const Expr& x : at)
    inputs.push_back(Function(std::span<const Expr>(&x, 1), {})(std::span<const Entries<Ball>>())[0]);
  return inputs;
}

void with_certain_digits(int digits, const std::function<bool()>& write) {
  const int least = digits + guard_digits;
  for (int working = least;; working *= 2) {
    const Precision scope(working);
    if (write() || working > most_rise * least) return;
  }
}

bool write_decimals(std::span<const Ball> value, const std::vector<int>& digits, DecimalTexts& texts) {
  bool certain = true;
  for (const int each : digits) {
    std::vector<std::string> all;
    for (const Ball& b : value) {
      const auto text = b.decimal(each);
      certain = certain && text;
      all.push_back(text ? *text : !b.is_finite() ? "nan" : b.to_string(each));
    }
    texts[each] = std::move(all);
  }
  return certain;
}

std::vector<TraceKink> trace_kinks(const Function& f, std::span<const Entries<Ball>> inputs,
                                   const std::unordered_map<NodeId, std::size_t>& places) {
  std::vector<TraceKink> found;
  for (const Kink& kink : f.run<Ball>(inputs).kinks())
    if (const auto it = places.find(kink.node); it != places.end()) found.push_back({it->second, kink.convention});
  return found;
}

}  // namespace nabla
