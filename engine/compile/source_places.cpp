#include <fmt/format.h>

#include <cmath>
#include <nabla/engine/compile/source_places.hpp>
#include <nabla/engine/numbers/hardware.hpp>

namespace nabla {

namespace {

std::vector<std::size_t> places_of(const Access& a, std::size_t extent) {
  std::vector<std::size_t> places;
  a.stretches(0, extent, [&](std::size_t place, std::size_t length) {
    for (std::size_t p = place; p < place + length; ++p) places.push_back(p);
  });
  return places;
}

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& numbers) {
  std::vector<std::string> texts;
  for (const T& n : numbers) texts.push_back(std::to_string(n));
  return texts;
}

}  // namespace

SourcePlaces::SourcePlaces(const Function& function, const VectorPlan& plan, std::string_view name, std::size_t inputs)
    : function_(function),
      graph_(function.plan()->graph()),
      plan_(plan),
      name_(name),
      inputs_(inputs),
      size_(plan.constants()) {
  // Inputs, then what leaves a loop.
  for (const VectorInstruction& i : plan_.instructions()) {
    first_.push_back(i.result);
    stored_.push_back(size_);
    if (!i.is_local) size_ += i.count;
  }
}

std::size_t SourcePlaces::stored_at(std::size_t place) const {
  if (place < plan_.constants()) return place;
  const auto k = static_cast<std::size_t>(std::ranges::upper_bound(first_, place) - first_.begin()) - 1;
  return stored_[k] + (place - first_[k]);
}
Constant SourcePlaces::constant_at(std::size_t place) const {
  if (const std::size_t c = place - plan_.constants(); c < graph_.constant_count())
    return graph_.constant_at(static_cast<std::uint32_t>(c));
  for (const NodeId id : function_.plan()->nodes())
    if (graph_.is(id, opcode<Literal>) && plan_.place(Ref::node(id)) == place)
      return *graph_.as_constant(Ref::node(id));
  throw std::logic_error("nabla: a place of no constant");
}
std::string SourcePlaces::number(std::size_t place) const {
  const double x = Number<double>::of(constant_at(place));
  if (std::isnan(x)) return "NAN";
  return std::isinf(x) ? (x < 0 ? "-HUGE_VAL" : "HUGE_VAL") : fmt::format("{}", x);
}

std::string SourcePlaces::table(std::string_view type, std::string_view prefix,
                                const std::vector<std::string>& entries) {
  std::string rows;
  for (const std::string& e : entries) rows += (rows.empty() ? "" : ", ") + e;
  const auto [at, is_new] = table_names_.try_emplace(std::string(type) + rows, "");
  if (is_new) {
    at->second = fmt::format("{}_{}{}", name_, prefix, tables_.size() + 1);
    tables_.push_back(fmt::format("inline constexpr {} {}[] = {{{}}};\n", type, at->second, rows));
  }
  return at->second;
}

SourceOperand SourcePlaces::operand(const Access& a, std::size_t extent, std::string_view index) {
  SourceOperand made{.access = a, .extent = extent, .text = {}, .adjoint = {}, .variable = {}};
  const std::vector<std::size_t> places = places_of(a, extent);
  if (a.is_constant) {
    std::vector<std::string> values;
    for (const std::size_t p : places) values.push_back(number(p));
    made.text = std::ranges::all_of(values, [&](const std::string& v) { return v == values[0]; })
                    ? values[0]
                    : fmt::format("{}[{}]", table("double", "constants", values), index);
    return made;
  }
  const auto [array, at] = row(places);
  bool is_contiguous = true, is_single = true;
  for (std::size_t i = 0; i < at.size(); ++i) {
    is_contiguous = is_contiguous && at[i] == at[0] + i;
    is_single = is_single && at[i] == at[0];
  }
  std::string where;
  if (extent == 1 || is_single) {
    where = fmt::format("{}", at[0]);
  } else if (is_contiguous) {
    where = at[0] == 0 ? std::string(index) : fmt::format("{} + {}", at[0], index);
  } else {
    where = fmt::format("{}[{}]", table("std::uint32_t", "places", texts_of(at)), index);
  }
  made.text = fmt::format("{}[{}]", array.values, where);
  made.adjoint = fmt::format("{}[{}]", array.adjoints, where);
  return made;
}

SourceFactor SourcePlaces::factor(const Access& a, std::size_t rows, std::size_t terms) {
  SourceFactor made{.array = {}, .factor = Factor::of(a, rows, terms), .table = {}};
  std::vector<std::size_t> places = places_of(a, rows * terms);
  if (made.factor.is_shared()) places.resize(terms);
  if (a.is_constant) {
    std::vector<std::string> values;
    for (const std::size_t p : places) values.push_back(number(p));
    made.table = table("double", "constants", values);
    return made;
  }
  const auto [array, at] = row(places);
  made.array = array;
  const bool is_shared = made.factor.is_shared();
  made.factor = Factor::of(Access::of(at, false), is_shared ? 1 : rows, terms);
  if (is_shared && made.factor.kind == Factor::Kind::table) made.factor.kind = Factor::Kind::shared;
  if (made.factor.kind != Factor::Kind::matrix) made.table = table("std::uint32_t", "places", texts_of(at));
  return made;
}

SourcePlaces::Row SourcePlaces::row(const std::vector<std::size_t>& places) {
  Row made{.array = array(is_constant(places[0]) ? SIZE_MAX : places[0]), .at = {}};
  for (const std::size_t p : places) {
    const bool is_here = is_constant(p);  // among others that are not: a place of its own
    mixes_inputs_ = mixes_inputs_ || array(is_here ? SIZE_MAX : p) != made.array;
    made.at.push_back(static_cast<std::uint32_t>(is_here ? constant_place(p) : stored_at(p)));
  }
  return made;
}

std::size_t SourcePlaces::constant_place(std::size_t place) {
  const auto [at, is_new] = constant_places_.try_emplace(place, size_);
  if (is_new) ++size_;
  return at->second;
}

}  // namespace nabla
