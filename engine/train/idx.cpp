#include <bit>
#include <nabla/engine/train/idx.hpp>
#include <nabla/engine/train/table.hpp>

namespace nabla {

bool IdxArray::begins_like_one(std::string_view content) {
  return content.size() >= 4 && content[0] == '\0' && content[1] == '\0' && content[2] >= 0x08 && content[2] <= 0x0e;
}

IdxArray::IdxArray(std::string content, std::string name) : content_(std::move(content)), name_(std::move(name)) {
  const auto fail = [this](const std::string& what) { throw DataError(name_ + ": " + what); };
  if (!begins_like_one(content_)) fail("this is no IDX file");
  type_ = static_cast<Type>(content_[2]);
  switch (type_) {
    case Type::u8:
    case Type::i8:
      bytes_ = 1;
      break;
    case Type::i16:
      bytes_ = 2;
      break;
    case Type::i32:
    case Type::f32:
      bytes_ = 4;
      break;
    case Type::f64:
      bytes_ = 8;
      break;
    default:
      fail("this IDX file has the type " + std::to_string(content_[2]) + ", which there is not");
  }
  const auto rank = static_cast<unsigned char>(content_[3]);
  if (rank == 0) fail("this IDX file has no extent");
  first_ = 4 + std::size_t{4} * rank;
  if (content_.size() < first_) fail("this IDX file is cut off in its extents");
  // Entries that are there, so that no product of extents overflows.
  const std::size_t there = (content_.size() - first_) / bytes_;
  std::size_t wanted = 1;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    extents_.push_back(static_cast<std::size_t>(bits(4 + 4 * axis, 4)));
    if (extents_.back() == 0) fail("this IDX file has an extent of 0");
    if (axis > 0) each_ = extents_.back() > there / each_ ? there + 1 : each_ * extents_.back();
    wanted = extents_.back() > there / wanted ? there + 1 : wanted * extents_.back();
    if (wanted > there || each_ > there)
      fail("this IDX file is cut off: it has " + std::to_string(there) + " entries, fewer than its extents say");
  }
  if (content_.size() != first_ + wanted * bytes_)
    fail("this IDX file has " + std::to_string(content_.size() - first_ - wanted * bytes_) +
         " bytes more than its extents say");
}

std::uint64_t IdxArray::bits(std::size_t at, std::size_t bytes) const {
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < bytes; ++k) value = value << 8 | static_cast<unsigned char>(content_[at + k]);
  return value;
}

double IdxArray::entry(std::size_t k) const {
  const std::uint64_t found = bits(first_ + k * bytes_, bytes_);
  switch (type_) {
    case Type::u8:
      break;
    case Type::i8:
      return static_cast<std::int8_t>(found);
    case Type::i16:
      return static_cast<std::int16_t>(found);
    case Type::i32:
      return static_cast<std::int32_t>(found);
    case Type::f32:
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(found)));
    case Type::f64:
      return std::bit_cast<double>(found);
  }
  return static_cast<double>(found);
}

bool IdxArray::is_integer() const { return type_ != Type::f32 && type_ != Type::f64; }

}  // namespace nabla
