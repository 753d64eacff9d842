#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nabla/engine/parse/source.hpp>
#include <nabla/engine/parse/syntax.hpp>

namespace nabla {

/// What the lines of a claim have in common: the place of the first word, and the line as written, from that word
/// to the last token, as byte offsets into the source.
struct ClaimLine {
  Place place;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// `for m, n in {1, 2}`, `for m in 1..6`, `for all m >= 1`, `for all i in 1..m`. Several names: every combination.
struct ForLine : ClaimLine {
  enum class Values : std::uint8_t { list, range, at_least };
  bool all = false;
  std::vector<SyntaxId> names;   // kind name
  Values values = Values::list;  // at_least only with all
  std::vector<SyntaxId> bounds;  // the values; lower and upper end; the least value
};

/// `given x, y in SET`.
struct GivenLine : ClaimLine {
  std::vector<SyntaxId> names;
  SyntaxId set = 0;
};

enum class FunctionClass : std::uint8_t {
  any,
  continuous,
  differentiable,
  convex,
  smooth,
  strongly_convex,
  linear,
};
/// "strongly_convex" etc., as written in a claim.
std::string_view spelling(FunctionClass function_class);

/// `given f: SET -> SET is convex, smooth(L)`.
struct GivenFunctionLine : ClaimLine {
  struct Membership {
    Place place;
    FunctionClass function_class = FunctionClass::any;
    std::optional<SyntaxId> constant;  // an expression; set exactly for smooth and strongly_convex
  };
  std::vector<SyntaxId> names;
  SyntaxId domain = 0;
  SyntaxId codomain = 0;
  std::vector<Membership> classes;  // at least one
};

/// `let c = EXPR` (no parameters), `let f(u, v in SET) = EXPR` (a set belongs to the parameter before it alone).
struct LetLine : ClaimLine {
  struct Parameter {
    SyntaxId name = 0;
    std::optional<SyntaxId> set;
  };
  SyntaxId name = 0;
  std::vector<Parameter> parameters;
  SyntaxId value = 0;
};

struct AssumeLine : ClaimLine {
  SyntaxId condition = 0;
};

/// `convention relu'(0) = 0`, `convention max'(0, 0) = 0`.
struct ConventionLine : ClaimLine {
  SyntaxId name = 0;  // of the operator
  std::vector<SyntaxId> point;
  SyntaxId value = 0;
};

struct ShowLine : ClaimLine {
  SyntaxId statement = 0;
};

/// One claim: the lines of one block, in their order, parsed but with no name resolved. All ids are of `syntax`,
/// whose source is the whole document, so that places and offsets are those of the file.
struct Claim {
  using Line = std::variant<ForLine, GivenLine, GivenFunctionLine, LetLine, AssumeLine, ConventionLine, ShowLine>;
  struct Expectation : ClaimLine {
    std::string verdict;  // proved, supported, refuted, ill-posed, undecided
  };
  struct Outside : ClaimLine {
    std::string reason;
  };

  std::string id;
  Place place;  // of the block: of its opening fence
  Syntax syntax;
  std::vector<Line> lines;             // at least one ShowLine, or none at all beside `outside`
  std::optional<Expectation> expects;  // the line `expect`
  std::optional<Outside> outside;
};

/// Where a block is and what it is called.
struct BlockHeader {
  std::string id;
  Place place;
};

/// Reads the lines of a claim: the lines first..last of a source, numbered from 1 (none if last < first). One
/// statement a line. Every line is read, so that several mistakes are reported together: they are appended to
/// `errors` in the order of the text, and then there is no claim. Reading stops after ten.
std::optional<Claim> parse_block(const Source& source, BlockHeader header, std::uint32_t first, std::uint32_t last,
                                 std::vector<SyntaxError>& errors);

}  // namespace nabla
