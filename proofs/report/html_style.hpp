#pragma once

#include <string_view>

namespace nabla {

/// The style sheet of an HTML report: light and dark, narrow screens, paper. Text on its background has a contrast of
/// at least 4.5 to 1 in both schemes.
std::string_view html_style();

}  // namespace nabla
