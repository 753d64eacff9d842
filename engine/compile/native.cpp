#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nabla/engine/compile/native.hpp>
#include <nabla/engine/compile/source.hpp>

extern char** environ;

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// What crosses the border is plain C: an error comes as text of at most 200 characters.
constexpr const char* entry_points = R"(
#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_function(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_function_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
)";

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

fs::path cache_folder(const NativeOptions& options) {
  if (!options.cache.empty()) return options.cache;
  if (const std::string x = environment("XDG_CACHE_HOME"); !x.empty()) return fs::path(x) / "nabla";
  if (const std::string home = environment("HOME"); !home.empty()) return fs::path(home) / ".cache" / "nabla";
  return fs::temp_directory_path() / "nabla";
}

/// FNV-1a in two lanes; the source itself is compared when a file is found.
std::string hash(std::string_view text) {
  std::uint64_t a = 1469598103934665603ULL, b = 0x9e3779b97f4a7c15ULL;
  for (const char c : text) {
    a = (a ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    b = (b + static_cast<unsigned char>(c)) * 0xff51afd7ed558ccdULL;
  }
  return fmt::format("{:016x}{:016x}", a, b);
}

/// The source of the whole shared object, every name in it the function's own: what is static in an inline function is
/// one object for the process, whichever library it comes from.
std::string whole_source(const Function& function) {
  constexpr std::string_view placeholder = "nabla_function";
  const std::string text = to_cpp_source(function, placeholder) + entry_points;
  const std::string own = "nabla_" + hash(text);
  std::string named;
  for (std::size_t at = 0, next = 0; at < text.size(); at = next + placeholder.size()) {
    next = text.find(placeholder, at);
    named.append(text, at, next - at);
    if (next == std::string::npos) break;
    named += own;
  }
  return named;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs a program; its standard output and error go to a file. The exit status; -1 where it could not be started.
int run(const std::vector<std::string>& words, const fs::path& log) {
  std::vector<char*> arguments;
  for (const std::string& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  if (failed == 0) waitpid(child, &status, 0);
  return failed != 0 ? -1 : status;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The shared object of a source, built unless it is there. \throws std::runtime_error
fs::path built(const std::string& source, const NativeOptions& options) {
  const std::string given = options.compiler.empty() ? environment("CXX") : options.compiler;
  const std::string compiler = given.empty() ? "c++" : given;
  std::string command = compiler;
  for (const std::string& f : options.flags) command += " " + f;
  const fs::path folder = cache_folder(options);
  fs::create_directories(folder);
  const std::string name = hash(command + "\n" + source);
  const fs::path library = folder / (name + ".so"), kept_source = folder / (name + ".cpp");
  if (fs::exists(library) && content(kept_source) == source) return library;
  // Made beside its place and moved there whole: another process may be making the same.
  const std::string mine = fmt::format("{}.{}", name, ::getpid());
  const fs::path new_source = folder / (mine + ".cpp"), new_library = folder / (mine + ".so"),
                 log = folder / (mine + ".log");
  {
    std::ofstream file(new_source, std::ios::binary);
    file << source;
    if (!file.flush()) throw std::runtime_error("cannot write to " + folder.string());
  }
  std::vector<std::string> words{compiler};
  words.insert(words.end(), options.flags.begin(), options.flags.end());
  words.insert(words.end(), {"-std=c++17", "-shared", "-fPIC", "-o", new_library.string(), new_source.string()});
  const int status = run(words, log);
  const std::string said = first_line(content(log));
  std::error_code ignored;
  fs::remove(log, ignored);
  if (status != 0) {
    fs::remove(new_source, ignored);
    fs::remove(new_library, ignored);
    throw std::runtime_error(status == -1 ? "there is no compiler '" + compiler + "'" : compiler + " failed: " + said);
  }
  fs::rename(new_source, kept_source);
  fs::rename(new_library, library);
  return library;
}

}  // namespace

Native::Native(const Function& function, const NativeOptions& options) : fallback_(function) {
  try {
    const fs::path path = built(whole_source(function), options);
    library_ = std::shared_ptr<void>(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL), [](void* l) {
      if (l != nullptr) dlclose(l);
    });
    if (library_ == nullptr) throw std::runtime_error(dlerror());
    value_ = reinterpret_cast<Value>(dlsym(library_.get(), "nabla_value"));
    gradient_ = reinterpret_cast<Gradient>(dlsym(library_.get(), "nabla_gradient"));
    if (value_ == nullptr || gradient_ == nullptr) throw std::runtime_error("the shared object lacks its functions");
  } catch (const std::exception& error) {
    value_ = nullptr;
    gradient_ = nullptr;
    reason_ = error.what();
  }
}

double Native::checked(double result, const char* message) const {
  if (message[0] != '\0') throw std::runtime_error(message);
  return result;
}

double Native::value(std::span<const double> inputs) {
  if (!is_native()) {
    std::vector<double> outputs(fallback_.output_count());
    fallback_(inputs, outputs);
    return outputs[0];
  }
  if (inputs.size() != input_count())
    throw std::invalid_argument(fmt::format("this function has {} inputs, not {}", input_count(), inputs.size()));
  char message[200] = "";
  const double result = value_(inputs.data(), message);
  return checked(result, message);
}

double Native::gradient(std::span<const double> inputs, std::span<double> gradient) {
  if (!is_native()) return fallback_.gradient(inputs, gradient);
  if (inputs.size() != input_count() || gradient.size() != input_count())
    throw std::invalid_argument(fmt::format("this function has {} inputs, not {} and room for {} derivatives",
                                            input_count(), inputs.size(), gradient.size()));
  char message[200] = "";
  const double result = gradient_(inputs.data(), gradient.data(), message);
  return checked(result, message);
}

}  // namespace nabla
