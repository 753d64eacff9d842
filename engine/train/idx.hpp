#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// An array of numbers as an IDX file has it (LeCun, Cortes, Burges, "The MNIST database of handwritten digits": the
/// format of MNIST and Fashion-MNIST): two zero bytes, a type, the number of extents, the extents, and the entries row
/// by row; all numbers most significant byte first.
class IdxArray {
 public:
  /// \param name  of the file, for messages \throws DataError where the content is no whole IDX file
  IdxArray(std::string content, std::string name);

  /// Whether a content begins like one.
  static bool begins_like_one(std::string_view content);

  const std::string& name() const { return name_; }
  const std::vector<std::size_t>& extents() const { return extents_; }
  /// The first extent, and the entries of each.
  std::size_t count() const { return extents_[0]; }
  std::size_t each() const { return each_; }
  /// Entry k, row by row; exact.
  double entry(std::size_t k) const;
  bool is_integer() const;

 private:
  enum class Type : std::uint8_t { u8 = 0x08, i8 = 0x09, i16 = 0x0b, i32 = 0x0c, f32 = 0x0d, f64 = 0x0e };
  std::uint64_t bits(std::size_t at, std::size_t bytes) const;

  std::string content_, name_;
  Type type_ = Type::u8;
  std::vector<std::size_t> extents_;
  std::size_t first_ = 0, bytes_ = 1, each_ = 1;  // where entries begin; bytes of one
};

}  // namespace nabla
