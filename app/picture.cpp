#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <nabla/app/command.hpp>
#include <nabla/app/picture.hpp>

extern char** environ;

namespace nabla::app {

namespace fs = std::filesystem;

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw InputError("nabla: cannot write " + path);
}

void draw_graphviz(const std::string& dot, const std::string& path, const std::string& format) {
  const std::string source = path + ".dot.tmp";
  write_file(source, dot);
  const std::string type = "-T" + format;
  const std::string output = "-o" + path;
  char* const arguments[] = {const_cast<char*>("dot"), const_cast<char*>(type.c_str()),
                             const_cast<char*>(output.c_str()), const_cast<char*>(source.c_str()), nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, "dot", nullptr, nullptr, arguments, environ);
  int status = 0;
  if (failed == 0) waitpid(child, &status, 0);
  std::error_code ignored;
  fs::remove(source, ignored);
  if (failed != 0)
    throw InputError(
        "nabla: pictures are drawn by Graphviz's `dot`, which is not installed (apt-get install graphviz); " +
        std::string("-o FILE.dot writes its input"));
  if (status != 0) throw InputError("nabla: dot could not draw " + path);
}

}  // namespace nabla::app
