#include <algorithm>
#include <bit>
#include <nabla/graph/arena.hpp>

namespace nabla {

namespace {

// An operator of more than two operands, or of any number, keeps in its row (offset into the pool, count) in place of
// the operands themselves; what tells the two forms apart is the operator's arity alone.
constexpr bool fits_inline(int arity) { return arity != variadic && arity <= 2; }

std::string key_of(std::span<const std::int64_t> ints) {
  return {reinterpret_cast<const char*>(ints.data()), ints.size_bytes()};
}

template <class Key, class Make>
std::uint32_t intern(std::unordered_map<std::string, std::uint32_t>& index, Key key, std::size_t next, Make make) {
  const auto [it, fresh] = index.emplace(std::move(key), static_cast<std::uint32_t>(next));
  if (fresh) make();
  return it->second;
}

}  // namespace

std::string Origin::to_string() const {
  if (line == 0) return file;
  std::string text = file.empty() ? "" : file + ":";
  text += std::to_string(line);
  if (column != 0) text += ":" + std::to_string(column);
  return text;
}

Graph::Graph() : shapes_(1), attributes_(1), origins_(1) {
  shape_index_.emplace(std::string(), 0);
  attribute_index_.emplace(std::string(), 0);
}

void Graph::too_many_nodes() {
  throw std::length_error("a graph holds at most " + std::to_string(Ref::limit) + " nodes; split the computation");
}

std::uint32_t Graph::intern_shape(const Shape& shape) {
  if (shape.is_scalar()) return 0;
  (void)shape.size();  // refuse shapes that cannot exist before they are stored
  return intern(shape_index_, key_of(shape.extents()), shapes_.size(), [&] { shapes_.push_back(shape); });
}

std::uint32_t Graph::intern_attributes(Attributes attributes) {
  if (attributes.empty()) return 0;
  return intern(attribute_index_, key_of(attributes), attributes_.size(),
                [&] { attributes_.emplace_back(attributes.begin(), attributes.end()); });
}

NodeId Graph::append(Opcode code, std::uint32_t shape, std::array<Ref, 2> operands, std::uint32_t extra) {
  if (code_.size() >= Ref::limit) too_many_nodes();
  const auto id = static_cast<NodeId>(code_.size());
  code_.push_back(code);
  shape_.push_back(shape);
  operands_.push_back(operands);
  extra_.push_back(extra);
  keep_origin(id);
  return id;
}

void Graph::fill_origins(NodeId id) {
  while (origin_.size() < id) origin_.push_back(0);
}

NodeId Graph::add_variable(std::string name, const Shape& shape) {
  const NodeId id = append(opcode<Variable>, intern_shape(shape), {}, static_cast<std::uint32_t>(names_.size()));
  variable_index_.emplace(name, id);
  names_.push_back(std::move(name));
  variables_.push_back(id);
  return id;
}

NodeId Graph::add(Opcode code, std::span<const Ref> operands, Attributes attributes) {
  std::uint32_t out = 0;
  bool scalars = true;
  for (const Ref r : operands) scalars = scalars && (r.is_constant() || shape_[r.id()] == 0);
  const OperatorInfo& info = operator_info(code);
  const bool simple = info.family == Family::elementwise && static_cast<int>(operands.size()) == info.arity;
  if (!(simple && scalars)) {
    std::vector<Shape> shapes;
    shapes.reserve(operands.size());
    for (const Ref r : operands) shapes.push_back(shape(r));
    out = intern_shape(result_shape(code, attributes, shapes));
  }
  std::array<Ref, 2> row{};
  if (fits_inline(info.arity)) {
    std::ranges::copy(operands, row.begin());
  } else {
    row[0] = Ref::node(static_cast<NodeId>(many_.size()));
    row[1] = Ref::constant(static_cast<std::uint32_t>(operands.size()));
    many_.insert(many_.end(), operands.begin(), operands.end());
  }
  return append(code, out, row, intern_attributes(attributes));
}

std::span<const Ref> Graph::operands(NodeId id) const {
  const std::array<Ref, 2>& row = operands_[id];
  const OperatorInfo& info = operator_info(code_[id]);
  if (fits_inline(info.arity)) return {row.data(), static_cast<std::size_t>(info.arity)};
  return {many_.data() + row[0].id(), row[1].index()};
}

NodeId Graph::add_literal(const Constant& value, const Shape& shape) {
  return append(opcode<Literal>, intern_shape(shape), {}, constant(value).index());
}

Ref Graph::constant(const Constant& value) {
  std::string key = std::string(1, static_cast<char>('0' + static_cast<int>(value.kind())));
  if (value.kind() == Constant::Kind::dyadic)
    key += std::to_string(std::bit_cast<std::uint64_t>(value.as_dyadic()));
  else
    key += value.to_string();
  if (constants_.size() >= Ref::limit) throw std::length_error("a graph holds too many constants");
  return Ref::constant(
      intern(constant_index_, std::move(key), constants_.size(), [&] { constants_.push_back(value); }));
}

Ref Graph::constant(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  CachedDouble& entry = recent_doubles_[(bits ^ (bits >> 32) ^ (bits >> 48)) % recent_doubles_.size()];
  if (entry.bits != bits || entry.ref.empty()) entry = {bits, constant(Constant::dyadic(value))};
  return entry.ref;
}

Attributes Graph::attributes(NodeId id) const {
  return code_[id] < builtin_count && operator_info(code_[id]).family == Family::leaf ? Attributes{}
                                                                                      : attributes_[extra_[id]];
}

const Constant* Graph::as_constant(Ref ref) const {
  if (ref.is_constant()) return &constants_[ref.index()];
  if (ref.is_node() && code_[ref.id()] == opcode<Literal>) return &constants_[extra_[ref.id()]];
  return nullptr;
}

const std::string& Graph::variable_name(NodeId id) const { return names_[extra_[id]]; }

std::optional<NodeId> Graph::find_variable(std::string_view name) const {
  const auto it = variable_index_.find(std::string(name));
  if (it == variable_index_.end()) return std::nullopt;
  return it->second;
}

std::uint32_t Graph::intern_origin(const Origin& origin) {
  if (origin == Origin{}) return 0;
  return intern(origin_index_, origin.to_string(), origins_.size(), [&] { origins_.push_back(origin); });
}

std::uint32_t Graph::intern_origin(const std::source_location& where) {
  if (where.line() == 0) return 0;
  return intern_origin(Origin{where.file_name(), where.line(), where.column()});
}

std::size_t Graph::bytes() const {
  return code_.bytes() + shape_.bytes() + operands_.bytes() + extra_.bytes() + origin_.bytes() +
         many_.capacity() * sizeof(Ref) + constants_.size() * sizeof(Constant) + shapes_.size() * sizeof(Shape);
}

}  // namespace nabla
