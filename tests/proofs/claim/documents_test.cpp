// The documents of claims in the tree: they can be read, their claims can be posed, and every item of a document that
// states something has its claim.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <sstream>
#include <string>
#include <vector>

using namespace nabla;

namespace {

namespace fs = std::filesystem;
const fs::path folder = fs::path(NABLA_SOURCE_DIR) / "proofs/documents";

/// Items that the language cannot state, over all documents.
constexpr std::size_t outside_limit = 70;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The documents of the folder by name ("mathdnn-2022").
const std::map<std::string, Document>& documents() {
  static const std::map<std::string, Document> all = [] {
    std::map<std::string, Document> result;
    ClaimIds ids;  // one for all: identifiers are unique in a run
    for (const auto& entry : fs::directory_iterator(folder)) {
      const fs::path& file = entry.path();
      if (file.extension() != ".md" || file.stem() == "README" || file.stem() == "ERRATA") continue;
      result.emplace(file.stem().string(), read_document(Source(file.filename().string(), read(file)), ids));
    }
    return result;
  }();
  return all;
}

/// One line of coverage.tsv.
struct Item {
  std::string id;
  std::string kind;
  std::string document() const { return id.substr(0, id.find('/')); }
  bool is_claim() const { return kind != "definition" && kind != "named only"; }
};

std::vector<Item> items() {
  std::istringstream in(read(folder / "coverage.tsv"));
  std::vector<Item> result;
  std::string line;
  std::getline(in, line);  // the names of the columns
  while (std::getline(in, line)) {
    const std::size_t place = line.find('\t');
    const std::size_t kind = line.find('\t', place + 1);
    REQUIRE(kind != std::string::npos);
    result.push_back({line.substr(0, place), line.substr(kind + 1)});
  }
  return result;
}

const Claim* claim_called(const Document& document, const std::string& id) {
  const auto found = std::ranges::find(document.claims, id, &Claim::id);
  return found == document.claims.end() ? nullptr : &*found;
}

/// Whether it is an audit of a text by others, item by item; the rest is nabla's own (training.md).
bool is_listed(const std::string& document) {
  return std::ranges::any_of(items(), [&](const Item& item) { return item.document() == document; });
}

/// `mathdnn-2022/prop-2.1/D` of `mathdnn-2022/prop-2.1/D/corrected` and of `.../instance-1`; itself of any other.
std::string item_of(const std::string& id) {
  const std::size_t slash = id.rfind('/');
  const std::string last = id.substr(slash + 1);
  return last == "corrected" || last.starts_with("instance-") ? item_of(id.substr(0, slash)) : id;
}

/// Whether some choice of dimensions is refused because of shapes or sets.
bool refused(const Claim& claim, FunctionTreatment functions) {
  for (const Choice& choice : choices_of(claim).list) {
    try {
      elaborate(claim, choice, functions);
    } catch (const IllPosed&) {
      return true;
    } catch (const NotHandled&) {
    }
  }
  return false;
}

}  // namespace

TEST_CASE("every document of claims can be read") {
  REQUIRE(!documents().empty());
  for (const auto& [name, document] : documents()) {
    INFO(name);
    CHECK(!document.claims.empty());
    for (const SyntaxError& error : document.errors) FAIL_CHECK(error.what());
    for (const Claim& claim : document.claims) {
      INFO(claim.id);
      CHECK(claim.id.starts_with(name + "/"));
      CHECK(!(claim.expects && claim.outside));
    }
  }
}

TEST_CASE("every item of a document that states something has a claim of that name, and every claim an item") {
  std::map<std::string, bool> claimed;
  for (const Item& item : items()) {
    const auto document = documents().find(item.document());
    if (document == documents().end()) continue;
    claimed[item.id] = true;
    INFO(item.id);
    if (item.is_claim()) CHECK(claim_called(document->second, item.id) != nullptr);
  }
  std::size_t listed = 0;
  for (const auto& [name, document] : documents()) {
    if (!is_listed(name)) continue;
    ++listed;
    for (const Claim& claim : document.claims) {
      INFO(claim.id);
      CHECK(claimed.contains(item_of(claim.id)));
    }
  }
  CHECK(listed == 4);
}

TEST_CASE("what is printed wrong is put right, and little is outside the language") {
  std::size_t outside = 0;
  for (const auto& [name, document] : documents()) {
    if (!is_listed(name)) continue;
    for (const Claim& claim : document.claims) {
      outside += claim.outside.has_value() ? 1 : 0;
      if (!claim.expects || item_of(claim.id) != claim.id) continue;
      const std::string& verdict = claim.expects->verdict;
      if (verdict != "refuted" && verdict != "ill-posed") continue;
      INFO(claim.id);
      const Claim* corrected = claim_called(document, claim.id + "/corrected");
      REQUIRE(corrected != nullptr);
      if (!corrected->expects) continue;
      CHECK(corrected->expects->verdict != "refuted");
      CHECK(corrected->expects->verdict != "ill-posed");
    }
  }
  CHECK(outside <= outside_limit);
}

TEST_CASE("no claim of a document is refused for its shapes unless it says so") {
  for (const auto& [name, document] : documents())
    for (const Claim& claim : document.claims) {
      if (claim.outside || (claim.expects && claim.expects->verdict == "ill-posed")) continue;
      INFO(claim.id);
      CHECK(!refused(claim, has_function_variables(claim) ? FunctionTreatment::instance : FunctionTreatment::none));
    }
}
