#pragma once

#include <map>
#include <nabla/engine/run/function.hpp>
#include <string>
#include <vector>

/// Differentiation written down step by step: the evaluation trace (Wengert list) and the sweep over it, with every
/// number as text (Griewank and Walther, Evaluating Derivatives, 2008, 2.2 and 3.1 to 3.3).
namespace nabla {

/// The entries of a value, row-major, as decimals, for each number of significant digits. Every digit is right; "nan"
/// where no real number is the value.
using DecimalTexts = std::map<int, std::vector<std::string>>;

struct TraceNode {
  std::string op;               ///< its registered name; "variable"; "constant"; "scope"
  std::vector<std::size_t> in;  ///< by operand slot: places in EvaluationTrace::nodes, all smaller than its own
  std::string name;             ///< of a variable its own, of a constant its text, else v1, v2, ...
  Shape shape{};
  std::string formula;  ///< over the names of its operands: "x * y"; of leaves empty
  std::string numbers;  ///< the formula with values of the fewest digits in place of names: "1.5 * (-2)"
  std::string latex;    ///< the formula
  int uses = 0;         ///< operand slots that read it, on the way to the output
  bool varies = false;  ///< it depends on a variable
  DecimalTexts value{};
  DecimalTexts adjoint{};  ///< d output / d node; of forward mode, the tangent of the last sweep. Of constants empty
  Origin origin{};         ///< the user's line, where it is known
  /// Of a scope: how many operations it stands for, whose results it has as entries, and the lines that they come from
  /// ("loss.cpp:12-14"). Of other nodes 1.
  std::size_t operations = 1;
  std::string lines{};
};

struct TraceStep {
  enum class Direction {
    forward,  ///< a node gets its value (`node`, `after`); in forward mode also its tangent, from one operand
    seed,     ///< the output's adjoint becomes 1 (forward mode: the tangent of an input)
    backward  ///< a node sends its adjoint, times the local derivative, to one operand
  };
  Direction direction = Direction::forward;
  std::size_t node = 0;
  int slot = -1;                ///< of the operand; -1 where there is none
  std::size_t to = 0;           ///< what is added to: the operand; in forward mode the node
  std::string rule;             ///< the local derivative over names; for tensors the whole contribution
  std::string latex;            ///< the rule
  DecimalTexts local{};         ///< the local derivative; of scalars alone
  DecimalTexts contribution{};  ///< what is added
  DecimalTexts before{}, after{};
  int part = 0;  ///< this is contribution `part` of `parts` to its target
  int parts = 0;
};

/// How far a central difference is from the derivative: |(f(x + h) - f(x - h)) / (2 h) - df/dx| when computed with so
/// many digits.
struct TraceDifference {
  std::size_t input = 0;  ///< place in EvaluationTrace::nodes, a scalar
  int digits = 0;
  std::string h, error;
};

struct TraceKink {
  std::size_t node = 0;
  std::string convention;
};

/// What a file says that nodes come from, from shortly before the first of their lines to shortly after the last;
/// nothing when it cannot be read.
struct TraceSource {
  std::string file;
  std::uint32_t first_line = 1;
  std::vector<std::string> lines{};
  /// Null when the line is not among them.
  const std::string* line(std::uint32_t number) const {
    return number < first_line || number - first_line >= lines.size() ? nullptr : &lines[number - first_line];
  }
};

struct EvaluationTrace {
  std::string source;
  std::vector<int> digits{};  ///< rising
  bool is_forward = false;
  std::vector<TraceNode> nodes{};  ///< in the order of evaluation; the last is the output
  std::vector<TraceStep> steps{};
  std::vector<TraceDifference> differences{};
  std::vector<TraceKink> kinks{};
  std::vector<TraceSource> sources{};  ///< of a recorded program
  int sweeps = 0;                      ///< over the graph, to get every derivative in this mode
  std::size_t operations = 0;          ///< of the computation; more than there are nodes where scopes stand for several
  std::size_t scopes = 0;
};

struct ExplainOptions {
  std::vector<int> digits{7, 16};
  bool forward = false;  ///< forward mode: one sweep for each scalar input
  std::string source{};  ///< how the expression was written
  /// Central differences are compared for at most so many scalar inputs.
  std::size_t most_differences = 4;
  /// Reverse mode over more nodes than this is shown by scopes: operations that follow each other, cut where a named
  /// value is complete, where another function begins, and else where few values pass from one part to the next. A
  /// scope is a node whose entries are the results that others read; what it sends back is the sum over its paths.
  std::size_t most_nodes = 200;
};

/// Explains the first output of a function, a scalar, at a point.
/// \param at  one constant expression per input, of its shape, evaluated anew at every precision
/// \throws ShapeError when the output is no scalar, or when forward mode meets a tensor; std::invalid_argument for an
/// empty list of digits, or for more inputs than forward mode shows sweeps; UnsupportedError, UndefinedError as a run
/// in Ball does
EvaluationTrace explain(const Function& f, std::span<const Expr> at, const ExplainOptions& options = {});

/// A recorded program, at the inputs that it was recorded at; the doubles are taken as the dyadic numbers they are.
/// Nodes have the names that nabla::named gave them, and the lines of the program as origins.
EvaluationTrace explain(const Recording& recording, const ExplainOptions& options = {});

/// As a worked example for a terminal: at most 80 columns where the expression's own texts allow it.
std::string to_text(const EvaluationTrace& trace);

/// Schema nabla.trace/1; every number is a string, of a tensor an array of strings.
std::string to_json(const EvaluationTrace& trace);
/// What to_json() wrote. \throws std::invalid_argument for any other text
EvaluationTrace trace_from_json(std::string_view text);

/// An `align*` block of both sweeps and, after it, the graph as a TikZ picture.
std::string to_latex(const EvaluationTrace& trace);

/// The graph in Graphviz's language, left to right: value and adjoint on each node, the local derivative on each edge.
std::string to_graphviz(const EvaluationTrace& trace);

}  // namespace nabla
