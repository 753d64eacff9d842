#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The checker of the layout: ops <- graph <- engine <- proofs <- app (an arrow points to what may be included).
namespace layers {

/// The sources to check: path in the tree, with '/', such as "graph/arena.hpp", to the text of the file.
using Tree = std::map<std::string, std::string>;

struct Include {
  int line = 0;  // counted from 1
  bool quoted = false;
  std::string path;  // what stands between the brackets or quotes
};

/// The includes of a source text. Comments and string literals (raw ones too) do not count.
std::vector<Include> includes_of(std::string_view text);

/// One line for each violation, "file:line: what is wrong": empty when the tree keeps every rule.
/// A rule about what a file reaches follows includes through the files of the tree, and names the chain.
std::vector<std::string> violations(const Tree& tree);

}  // namespace layers
