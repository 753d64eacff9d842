#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "layers.hpp"

namespace {

namespace fs = std::filesystem;

layers::Tree read_tree(const fs::path& root) {
  layers::Tree tree;
  for (const char* folder : {"ops", "graph", "engine", "proofs", "app"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      tree.emplace(fs::relative(entry.path(), root).generic_string(),
                   std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
    }
  }
  return tree;
}

/// True when the only violation of `tree` mentions both texts.
bool only_complaint(const layers::Tree& tree, std::string_view where, std::string_view what) {
  const auto found = layers::violations(tree);
  std::string all;
  for (const auto& line : found) all += line + '\n';
  CAPTURE(all);
  CHECK(found.size() == 1);
  return found.size() == 1 && found[0].find(where) != std::string::npos && found[0].find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("the tree keeps every rule of the layout") {
  const auto tree = read_tree(NABLA_SOURCE_DIR);
  REQUIRE(tree.contains("ops/number.hpp"));  // the tree was found
  for (const auto& line : layers::violations(tree)) FAIL_CHECK(line);
}

TEST_CASE("includes along the layers are allowed") {
  CHECK(
      layers::violations({{"ops/a.hpp", "#include <vector>\n"},
                          {"graph/b.hpp", "#include <nabla/ops/a.hpp>\n"},
                          {"engine/nabla.hpp", "#include <nabla/graph/b.hpp>\n"},
                          {"proofs/check/c.cpp", "#include <boost/graph/properties.hpp>\n#include <nabla/nabla.hpp>\n"},
                          {"app/verify.cpp", "#include <nabla/ops/a.hpp>\n"}})
          .empty());
}

TEST_CASE("an include against the layers is found, with file and line") {
  CHECK(only_complaint({{"graph/a.hpp", "#pragma once\n\n#include <nabla/engine/b.hpp>\n"}, {"engine/b.hpp", ""}},
                       "graph/a.hpp:3", "graph comes before engine"));
  CHECK(only_complaint({{"ops/a.cpp", "# include <nabla/nabla.hpp>\n"}, {"engine/nabla.hpp", ""}}, "ops/a.cpp:1",
                       "ops comes before engine"));
  CHECK(only_complaint({{"proofs/claim/a.cpp", "#include <nabla/app/b.hpp>\n"}, {"app/b.hpp", ""}},
                       "proofs/claim/a.cpp:1", "proofs comes before app"));
}

TEST_CASE("an include of a file or layer that does not exist is found") {
  CHECK(only_complaint({{"graph/a.hpp", "#include <nabla/ops/gone.hpp>\n"}}, "graph/a.hpp:1", "does not exist"));
  CHECK(only_complaint({{"graph/a.hpp", "#include <nabla/tests/b.hpp>\n"}}, "graph/a.hpp:1", "in no layer"));
}

TEST_CASE("ops may use the standard library alone") {
  CHECK(only_complaint({{"ops/a.cpp", "#include <fmt/format.h>\n"}}, "ops/a.cpp:1", "standard library alone"));
  CHECK(only_complaint({{"ops/a.cpp", "#include <arb.h>\n"}}, "ops/a.cpp:1", "standard library alone"));
}

TEST_CASE("the re-checker reaches neither the deciders nor the simplifier, however far away") {
  CHECK(only_complaint({{"proofs/recheck/a.cpp", "#include <nabla/proofs/check/b.hpp>\n"}, {"proofs/check/b.hpp", ""}},
                       "proofs/recheck/a.cpp:1", "proofs/check"));
  CHECK(only_complaint({{"proofs/recheck/a.cpp", "#include <nabla/proofs/report/b.hpp>\n"},
                        {"proofs/report/b.hpp", "#include <nabla/engine/c.hpp>\n"},
                        {"engine/c.hpp", "#include <nabla/engine/simplify/d.hpp>\n"},
                        {"engine/simplify/d.hpp", ""}},
                       "proofs/recheck/a.cpp", "proofs/report/b.hpp -> engine/c.hpp -> engine/simplify/d.hpp"));
}

TEST_CASE("of the program verify alone reaches the deciders, by one header") {
  const std::string includes_deciders = "#include <nabla/proofs/check/b.hpp>\n";
  CHECK(only_complaint({{"app/grad.cpp", includes_deciders}, {"proofs/check/b.hpp", ""}}, "app/grad.cpp:1",
                       "proofs/check"));
  CHECK(only_complaint({{"app/recheck.cpp", includes_deciders}, {"proofs/check/b.hpp", ""}}, "app/recheck.cpp:1",
                       "proofs/check"));
  CHECK(only_complaint({{"app/verify.cpp", includes_deciders}, {"proofs/check/b.hpp", ""}}, "app/verify.cpp:1",
                       "check.hpp"));
  CHECK(layers::violations({{"app/verify.cpp", "#include <nabla/proofs/check/check.hpp>\n"},
                            {"app/verify_crew.cpp", "#include <nabla/proofs/report/report.hpp>\n"},
                            {"proofs/report/report.hpp", "#include <nabla/proofs/check/check.hpp>\n"},
                            {"proofs/check/check.hpp", ""}})
            .empty());
}

TEST_CASE("public headers are light") {
  for (const char* heavy : {"boost/graph/adjacency_list.hpp", "Eigen/Dense", "flint/fmpq.h", "arb.h", "tao/pegtl.hpp",
                            "nlohmann/json.hpp"}) {
    CAPTURE(heavy);
    const std::string text = "#include <" + std::string(heavy) + ">\n";
    CHECK(only_complaint({{"engine/run/a.hpp", text}}, "engine/run/a.hpp:1", "heavy"));
    CHECK(layers::violations({{"engine/run/a.cpp", text},
                              {"engine/kernels/b.hpp", text},
                              {"engine/numbers/ball.hpp", text},
                              {"engine/parse/detail/grammar.hpp", text}})
              .empty());
  }
}

TEST_CASE("no light public header reaches a heavy library through another") {
  CHECK(only_complaint({{"engine/run/a.hpp", "#include <nabla/engine/numbers/real.hpp>\n"},
                        {"engine/numbers/real.hpp", "#include <boost/multiprecision/mpfr.hpp>\n"},
                        {"engine/run/b.cpp", "#include <nabla/engine/numbers/real.hpp>\n"}},
                       "engine/run/a.hpp", "engine/numbers/real.hpp -> <boost/multiprecision/mpfr.hpp>"));
}

TEST_CASE("relative and quoted includes are found") {
  CHECK(only_complaint({{"graph/a.cpp", "#include \"../ops/b.hpp\"\n"}, {"ops/b.hpp", ""}}, "graph/a.cpp:1",
                       "relative path"));
  CHECK(
      only_complaint({{"graph/a.cpp", "#include <nabla/graph/../engine/b.hpp>\n"}}, "graph/a.cpp:1", "relative path"));
  CHECK(only_complaint({{"graph/a.cpp", "#include \"b.hpp\"\n"}}, "graph/a.cpp:1", "in quotes"));
}

TEST_CASE("a file past 420 lines, or with a name that says nothing, is found") {
  CHECK(only_complaint({{"graph/a.cpp", std::string(421, '\n')}}, "graph/a.cpp", "421 lines"));
  CHECK(layers::violations({{"graph/a.cpp", std::string(420, '\n')}}).empty());
  CHECK(only_complaint({{"engine/run/utils.hpp", ""}}, "engine/run/utils.hpp", "by its subject"));
}

TEST_CASE("comments and string literals include nothing") {
  const auto found = layers::includes_of(
      "// #include <one>\n"
      "/* \n#include <two>\n*/\n"
      "auto s = R\"x(\n#include <three>\n)x\"; auto t = \"/*\";\n"
      "#include <four>  // \"five\"\n"
      "  #  include \"six\"\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].path == "four");
  CHECK(found[0].line == 8);
  CHECK(!found[0].quoted);
  CHECK(found[1].path == "six");
  CHECK(found[1].quoted);
}
