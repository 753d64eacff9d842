#include <array>
#include <nabla/engine/train/objectives.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace nabla {

namespace {

constexpr std::array<std::pair<std::string_view, Loss>, 3> losses{
    {{"cross-entropy", Loss::softmax_cross_entropy}, {"squared", Loss::squared}, {"huber", Loss::huber}}};
constexpr std::array<std::pair<std::string_view, Reduction>, 2> reductions{
    {{"sum", Reduction::sum}, {"mean", Reduction::mean}}};

template <class Rows, class E>
std::string_view name_in(const Rows& rows, E value) {
  for (const auto& [name, each] : rows)
    if (each == value) return name;
  return "?";
}
template <class Rows>
auto named_in(const char* what, const Rows& rows, std::string_view name) {
  std::string known;
  for (const auto& [each, value] : rows) {
    if (each == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(each);
  }
  throw std::invalid_argument("there is no " + std::string(what) + " '" + std::string(name) + "'; there are " + known);
}

}  // namespace

Expr huber(const Expr& prediction, const Expr& target, const Expr& turning_point) {
  if (prediction.shape() != target.shape())
    throw ShapeError("huber", "prediction and target must have one shape", {prediction.shape(), target.shape()});
  // With m = min(|r|, k) the two branches are one product, whose derivative m sign(r) has no jump where they meet.
  const Expr r = abs(prediction - target);
  const Expr m = min(r, turning_point);
  return sum(m * (r - m / 2));
}

Expr objective(Loss loss, Reduction reduction, const Expr& prediction, const Expr& target) {
  const Expr total = loss == Loss::softmax_cross_entropy ? softmax_cross_entropy(prediction, target)
                     : loss == Loss::squared             ? squared_error(prediction, target)
                                                         : huber(prediction, target, 1);
  return reduction == Reduction::mean && prediction.shape().rank() == 2 ? total / prediction.shape()[0] : total;
}

std::string_view name_of(Loss loss) { return name_in(losses, loss); }
std::string_view name_of(Reduction reduction) { return name_in(reductions, reduction); }
Loss loss_named(std::string_view name) { return named_in("loss", losses, name); }
Reduction reduction_named(std::string_view name) { return named_in("reduction", reductions, name); }

}  // namespace nabla
