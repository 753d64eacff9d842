#include <nabla/app/program.hpp>

int main(int argc, char** argv) { return nabla::app::run({argv + (argc > 0 ? 1 : 0), argv + argc}); }
