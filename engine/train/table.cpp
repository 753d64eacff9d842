#include <algorithm>
#include <charconv>
#include <cmath>
#include <nabla/engine/train/table.hpp>

namespace nabla {

namespace {

/// Reads cells one after the other.
class CellReader {
 public:
  CellReader(std::string_view text, const std::string& name, char separator)
      : text_(text), name_(name), separator_(separator) {}

  bool at_end() const { return at_ == text_.size(); }

  /// The cells of the next line that has any.
  std::vector<Table::Cell> row() {
    std::vector<Table::Cell> cells;
    do {
      cells.push_back(cell());
    } while (take(separator_));
    end_of_line();
    if (cells.size() == 1 && cells[0].text.empty()) cells.clear();
    return cells;
  }

 private:
  bool at_line_end() const {
    return at_end() || text_[at_] == '\n' ||
           (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'));
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void end_of_line() {
    take('\r');
    if (take('\n')) {
      ++line_;
      line_begin_ = at_;
    }
  }
  std::uint32_t column() const { return static_cast<std::uint32_t>(at_ - line_begin_ + 1); }
  [[noreturn]] void fail(std::uint32_t line, std::uint32_t column, const std::string& what) const {
    throw DataError(name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + what);
  }
  bool is_space() const { return !at_end() && (text_[at_] == ' ' || text_[at_] == '\t') && text_[at_] != separator_; }

  Table::Cell cell() {
    while (is_space()) ++at_;
    Table::Cell made{{}, line_, column()};
    if (take('"')) {
      quoted(made);
      while (is_space()) ++at_;
      if (!at_line_end() && text_[at_] != separator_)
        fail(line_, column(), "text after the closing quote of a cell; a quote within quotes is written twice");
      return made;
    }
    const std::size_t begin = at_;
    while (!at_line_end() && text_[at_] != separator_) ++at_;
    std::size_t end = at_;
    while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
    made.text = text_.substr(begin, end - begin);
    return made;
  }
  void quoted(Table::Cell& made) {
    for (;;) {
      if (at_end()) fail(made.line, made.column, "this quote does not end");
      const char c = text_[at_++];
      if (c == '"' && !take('"')) return;
      made.text += c;
      if (c == '\n') {
        ++line_;
        line_begin_ = at_;
      }
    }
  }

  std::string_view text_;
  const std::string& name_;
  char separator_;
  std::size_t at_ = 0, line_begin_ = 0;
  std::uint32_t line_ = 1;
};

char separator_of(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view first = text.substr(0, end), rest = text.substr(std::min(end + 1, text.size()));
  const std::string_view second = rest.substr(0, rest.find('\n'));
  for (const char c : {'\t', ';'})
    if (const auto n = std::ranges::count(first, c); n > 0 && (second.empty() || std::ranges::count(second, c) == n))
      return c;
  return ',';
}

bool is_header(const std::vector<std::vector<Table::Cell>>& rows) {
  if (rows.size() < 2) return false;
  bool has_number = false;
  for (std::size_t k = 0; k < rows[0].size(); ++k) {
    const bool first = number_in(rows[0][k].text).has_value();
    if (!first && number_in(rows[1][k].text)) return true;
    has_number = has_number || first;
  }
  return !has_number;
}

}  // namespace

std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string Table::column_name(std::size_t column) const {
  return header.empty() ? "column " + std::to_string(column + 1) : header[column].text;
}

std::string Table::place(const Cell& cell) const {
  return name + ":" + std::to_string(cell.line) + ":" + std::to_string(cell.column);
}

Table read_table(std::string_view text, std::string name, const TableOptions& options) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (const std::size_t zero = text.substr(0, 4096).find('\0'); zero != std::string_view::npos)
    throw DataError(name + ": this is no text (byte " + std::to_string(zero + 1) + " is 0)");
  Table table;
  table.name = std::move(name);
  CellReader reader(text, table.name, options.separator.value_or(separator_of(text)));
  while (!reader.at_end()) {
    std::vector<Table::Cell> row = reader.row();
    if (row.empty()) continue;
    if (!table.rows.empty() && row.size() != table.rows.front().size())
      throw DataError(table.place(row.front()) + ": this row has " + std::to_string(row.size()) +
                      " cells, the first (line " + std::to_string(table.rows.front().front().line) + ") has " +
                      std::to_string(table.rows.front().size()));
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) throw DataError(table.name + ": no data, the file is empty");
  if (options.has_header.value_or(is_header(table.rows))) {
    table.header = std::move(table.rows.front());
    table.rows.erase(table.rows.begin());
    for (std::size_t k = 0; k < table.header.size(); ++k)
      for (std::size_t j = 0; j < k; ++j)
        if (table.header[j].text == table.header[k].text)
          throw DataError(table.place(table.header[k]) + ": two columns are called '" + table.header[k].text + "'");
  }
  if (table.rows.empty()) throw DataError(table.name + ": no data below the header");
  return table;
}

}  // namespace nabla
