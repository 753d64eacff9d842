#include <nabla/app/program.hpp>
#include <nabla/app/small_blocks.hpp>

int main(int argc, char** argv) {
  nabla::app::keep_small_blocks();
  return nabla::app::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
