#pragma once

namespace nabla::app {

/// From now on GMP keeps the short blocks that it frees, by size and by thread, and takes them again: exact fractions
/// are made and dropped by the million, and the general allocator took a sixth of the time of a run over a document.
/// For the program, at its beginning: the setting is one of the process. Blocks stay those of malloc, so that numbers
/// made before it may be freed after it.
void keep_small_blocks();

}  // namespace nabla::app
