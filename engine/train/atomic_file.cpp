#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nabla/engine/train/model.hpp>

namespace nabla {

namespace {

[[noreturn]] void fail_to_write(const std::string& path, const std::string& remove = {}) {
  const std::string why = std::strerror(errno);
  if (!remove.empty()) unlink(remove.c_str());
  throw std::runtime_error("cannot write " + path + ": " + why);
}

void write_all(int file, std::string_view text, const std::string& path, const std::string& temporary) {
  while (!text.empty()) {
    const ssize_t n = write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(file);
      errno = error;
      fail_to_write(path, temporary);
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

void write_atomically(const std::string& path, std::string_view text) {
  std::error_code ignored;
  // A link stays a link: the file that it names is replaced.
  const std::filesystem::path linked = std::filesystem::canonical(path, ignored);
  const std::string target = linked.empty() ? path : linked.string();
  const std::string temporary = target + ".new-" + std::to_string(getpid());
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail_to_write(path);
  write_all(file, text, path, temporary);
  if (fsync(file) != 0 || close(file) != 0) fail_to_write(path, temporary);
  if (rename(temporary.c_str(), target.c_str()) != 0) fail_to_write(path, temporary);
  const std::string folder = std::filesystem::path(target).parent_path().string();
  const int directory = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

}  // namespace nabla
