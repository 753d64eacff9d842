#include <deque>
#include <map>
#include <mutex>
#include <nabla/ops/registry.hpp>
#include <shared_mutex>

namespace nabla {

namespace {

struct Table {
  std::deque<OperatorInfo> rows;  // a deque: references stay valid when users register more
  std::map<std::string, Opcode, std::less<>> by_name;
  mutable std::shared_mutex mutex;

  Table() {
    for_each_operator([this]<class Op>() { append(describe_operator<Op>()); });
  }
  Opcode append(OperatorInfo info) {
    const auto code = static_cast<Opcode>(rows.size());
    if (!by_name.emplace(info.name, code).second)
      throw std::invalid_argument("an operator named '" + info.name + "' exists already");
    rows.push_back(std::move(info));
    return code;
  }
};

Table& table() {
  static Table instance;
  return instance;
}

}  // namespace

const OperatorInfo& operator_info(Opcode code) {
  if (code < builtin_count) return table().rows[code];
  std::shared_lock lock(table().mutex);
  return table().rows[code];
}

std::size_t operator_count() {
  std::shared_lock lock(table().mutex);
  return table().rows.size();
}

int find_operator(std::string_view name) {
  std::shared_lock lock(table().mutex);
  const auto it = table().by_name.find(name);
  return it == table().by_name.end() ? -1 : it->second;
}

Opcode register_operator_info(OperatorInfo info) {
  std::unique_lock lock(table().mutex);
  if (table().rows.size() > 0xFFF0) throw std::invalid_argument("too many operators are registered");
  return table().append(std::move(info));
}

Shape result_shape(Opcode code, Attributes attributes, std::span<const Shape> operands) {
  const OperatorInfo& info = operator_info(code);
  if (info.arity != variadic && operands.size() != static_cast<std::size_t>(info.arity))
    throw ShapeError(info.name,
                     "takes " + std::to_string(info.arity) + " operands, not " + std::to_string(operands.size()),
                     {operands.begin(), operands.end()});
  if (info.shape != nullptr) return info.shape(attributes, operands);
  return broadcast(info.name, operands);
}

}  // namespace nabla
