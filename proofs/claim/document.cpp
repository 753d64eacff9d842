#include <nabla/proofs/claim/document.hpp>

#include <algorithm>
#include <utility>

namespace nabla {

namespace {

constexpr std::size_t most_document_errors = 1000;

bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

// A line that opens or could close a fenced block.
struct Fence {
  char character = '`';
  std::size_t indent = 0;
  std::size_t length = 0;
  std::string_view info;  // what follows the fence, without blanks around
};

std::optional<Fence> as_fence(std::string_view line) {
  Fence fence;
  while (fence.indent < line.size() && line[fence.indent] == ' ') ++fence.indent;
  if (fence.indent > 3 || fence.indent == line.size()) return std::nullopt;
  line.remove_prefix(fence.indent);
  fence.character = line.front();
  if (fence.character != '`' && fence.character != '~') return std::nullopt;
  fence.length = std::min(line.find_first_not_of(fence.character), line.size());
  if (fence.length < 3) return std::nullopt;
  fence.info = line.substr(fence.length);
  while (!fence.info.empty() && is_space_or_tab(fence.info.front())) fence.info.remove_prefix(1);
  while (!fence.info.empty() && is_space_or_tab(fence.info.back())) fence.info.remove_suffix(1);
  // ```x``` on one line is code within a paragraph.
  if (fence.character == '`' && fence.info.find('`') != std::string_view::npos) return std::nullopt;
  return fence;
}

bool closes(const Fence& open, std::string_view line) {
  const auto fence = as_fence(line);
  return fence && fence->character == open.character && fence->length >= open.length && fence->info.empty();
}

// Some editors begin a file with a byte order mark.
std::string_view without_mark(std::string_view line, std::uint32_t number) {
  if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  return line;
}

std::string_view take_word(std::string_view& text) {
  while (!text.empty() && is_space_or_tab(text.front())) text.remove_prefix(1);
  const std::size_t length = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

class DocumentReader {
 public:
  DocumentReader(const Source& source, ClaimIds& ids) : ids_(ids) { document_.source = source; }

  Document read() {
    const Source& source = document_.source;
    std::uint32_t number = 1;
    while (number <= source.line_count()) {
      const auto fence = as_fence(without_mark(source.line(number), number));
      const std::uint32_t open = number++;
      if (!fence) continue;
      while (number <= source.line_count() && !closes(*fence, source.line(number))) ++number;
      const std::uint32_t last = number - 1;  // of the content
      if (number <= source.line_count()) ++number;
      std::string_view info = fence->info;
      if (take_word(info) != "claim") continue;
      add_prose(source.line_begin(open));
      Segment block{source.line_begin(open), source.line_begin(number), true, std::nullopt};
      block.claim = read_claim(open, last, *fence, take_word(info));
      document_.segments.push_back(block);
      done_ = block.end;
    }
    add_prose(static_cast<std::uint32_t>(source.text().size()));
    return std::move(document_);
  }

 private:
  void add_prose(std::uint32_t end) {
    if (done_ < end) document_.segments.push_back({done_, end, false, std::nullopt});
    done_ = end;
  }

  std::optional<std::size_t> read_claim(std::uint32_t open, std::uint32_t last, const Fence& fence,
                                        std::string_view id) {
    const Source& source = document_.source;
    const Place place{open, static_cast<std::uint32_t>(fence.indent + 1)};
    std::vector<SyntaxError> errors;
    if (auto error = check_id(id, place)) errors.push_back(std::move(*error));
    auto claim = parse_block(source, {std::string(id), place}, open + 1, last, errors);
    for (SyntaxError& error : errors) report(std::move(error));
    if (!errors.empty()) return std::nullopt;
    document_.claims.push_back(std::move(*claim));
    return document_.claims.size() - 1;
  }

  std::optional<SyntaxError> check_id(std::string_view id, Place block) {
    const Source& source = document_.source;
    if (id.empty()) {
      const Place end{block.line, source.place(source.line_begin(block.line) + source.line(block.line).size()).column};
      return SyntaxError(source, end, "this claim has no identifier", {"an identifier after `claim`"});
    }
    const Place place = source.place(static_cast<std::size_t>(id.data() - source.text().data()));
    if (printable(id) != id) {
      return SyntaxError(source, place, "this identifier has characters that cannot be printed");
    }
    const auto first = ids_.meet(std::string(id), source, place);
    if (!first) return std::nullopt;
    return SyntaxError(source, place,
                       "the identifier " + in_backquotes(id) + " is used twice; first at " + printable(first->file) +
                           ':' + std::to_string(first->place.line) + ':' + std::to_string(first->place.column));
  }

  void report(SyntaxError error) {
    if (document_.errors.size() < most_document_errors) {
      document_.errors.push_back(std::move(error));
    } else if (document_.errors.size() == most_document_errors) {
      document_.errors.emplace_back(document_.source, error.place(), "too many mistakes; further ones are not listed");
    }
  }

  ClaimIds& ids_;
  Document document_;
  std::uint32_t done_ = 0;  // the segments reach up to here
};

}  // namespace

std::optional<ClaimIds::First> ClaimIds::meet(const std::string& id, const Source& source, Place place) {
  const auto [entry, is_new] = first_.try_emplace(id, First{source.name(), place});
  if (is_new) return std::nullopt;
  return entry->second;
}

Document read_document(const Source& source, ClaimIds& ids) { return DocumentReader(source, ids).read(); }

}  // namespace nabla
