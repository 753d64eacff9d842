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

/// \param trace  of reverse mode. \return the file; the same trace gives the same bytes
std::string lesson_html(const EvaluationTrace& trace, const LessonPage& page);

/// The graph from left to right as SVG: nodes and edges carry data-node, data-to and data-slot, numbers stand in
/// elements of the classes `value`, `adjoint` and `local`.
std::string lesson_graph(const EvaluationTrace& trace);

/// The text as it was typed: the token of each operator and input carries the data-node of its node. Empty when no node
/// knows its place.
std::string lesson_source(const EvaluationTrace& trace, const std::string& text);

/// The error of central differences over the step, both logarithmic, one line per precision, the minimum marked; empty
/// without differences.
std::string lesson_differences(const EvaluationTrace& trace);

extern const char* const lesson_style;
extern const char* const lesson_script;

}  // namespace nabla::app
