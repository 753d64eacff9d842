#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nabla/app/command.hpp>

namespace nabla::app {

std::string read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw InputError("nabla: cannot read " + path + ": it is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError("nabla: cannot read " + path + ": " + std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw InputError("nabla: cannot read " + path + ": " + std::strerror(errno));
  return text;
}

NamedText read_argument(const std::string& argument) {
  if (argument == "-")
    return {"standard input", std::string{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()}};
  if (argument.starts_with('@')) return {argument.substr(1), read_file(argument.substr(1))};
  return {"argument", argument};
}

}  // namespace nabla::app
