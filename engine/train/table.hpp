#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// Data that cannot be used; says where: "iris.csv:12:5: ...".
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A table of texts, as read from comma-separated values.
struct Table {
  struct Cell {
    std::string text;                    ///< without the quotes, and without spaces around it where it had none
    std::uint32_t line = 0, column = 0;  ///< where it begins, from 1; columns count bytes
  };
  std::string name;                     ///< of the file, for messages
  std::vector<Cell> header;             ///< empty: there is none
  std::vector<std::vector<Cell>> rows;  ///< each with as many cells

  std::size_t width() const { return rows.empty() ? header.size() : rows.front().size(); }
  /// The name of a column: from the header, else "column 3".
  std::string column_name(std::size_t column) const;
  /// "iris.csv:12:5", the place of a cell.
  std::string place(const Cell& cell) const;
};

struct TableOptions {
  std::optional<char> separator{};  ///< by default tab or ; where the first two lines have as many, else ,
  std::optional<bool>
      has_header{};  ///< by default: the first row has no number, or the second has one where it has none
};

/// Comma-separated values as of RFC 4180: cells may be in quotes, in which "" is a quote, and separators and ends of
/// lines are text. Lines end with LF or CRLF; empty ones are passed over; a byte order mark is, too.
/// \throws DataError for a row of another width, a quote that does not end, text after one, and for no rows
Table read_table(std::string_view text, std::string name, const TableOptions& options = {});

/// The finite number that a text is, in full ("1", "-2.5e3", "+4"). Nothing for anything else.
std::optional<double> number_in(std::string_view text);

}  // namespace nabla
