#pragma once

#include <nabla/engine/explain/trace.hpp>
#include <string>

/// The page on which a reader watches a derivative come about: one HTML file with everything in it, no network, no
/// library. Without script it is a table of all steps and the final picture; with it the steps can be walked.
namespace nabla::app {

struct LessonPage {
  /// What a reader may take along; empty parts have no button.
  std::string cpp, latex;
  /// What the origins of the nodes point into; empty: the page has no pane of it.
  std::string source_text{};
};

/// \return the file; the same trace gives the same bytes
std::string lesson_html(const EvaluationTrace& trace, const LessonPage& page);

/// The graph from left to right as SVG: nodes and edges carry data-node, data-to and data-slot, numbers stand in
/// elements of the classes `value`, `adjoint` and `local`.
std::string lesson_graph(const EvaluationTrace& trace);

/// Where the nodes come from. Of a recorded program its lines, each with the places of its nodes in data-nodes; else
/// the text as it was typed: the token of each operator and input carries the data-node of its node. Empty when no node
/// knows its place.
std::string lesson_source(const EvaluationTrace& trace, const std::string& text);

/// The error of central differences over the step, both logarithmic, one line per precision, the minimum marked; empty
/// without differences.
std::string lesson_differences(const EvaluationTrace& trace);

/// Every step as a list, for readers without script and for printing; the rule of each stands in an element of class
/// `m`, from where the script takes it.
std::string lesson_list_of_steps(const EvaluationTrace& trace);

/// What "the wrong order" shows, as JSON; nothing in forward mode, with tensors, or where it would have too many steps.
/// Recursion that sends on whatever has arrived, each time something arrives, counts twice what is sent twice.
std::string lesson_wrong_order(const EvaluationTrace& trace);

/// What a reader should look at: kinks, digits lost by cancellation, values that do not exist.
std::vector<std::string> lesson_warnings(const EvaluationTrace& trace);

/// A formula of the trace as MathML, or as code where the claim language has no words for it.
std::string lesson_math(const std::string& formula);

/// A value as it stands in a table, at so many digits: a number, or the first entries of a tensor.
std::string lesson_number(const DecimalTexts& all, int digits);

extern const char* const lesson_style;
extern const char* const lesson_script;

}  // namespace nabla::app
