#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nabla/engine/train/samples.hpp>

// Tables, what their columns mean, splits, standardisation.

namespace {

using namespace nabla;

Table table(const std::string& text, const TableOptions& options = {}) { return read_table(text, "t.csv", options); }

std::vector<std::vector<std::string>> texts(const Table& t) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : t.rows) {
    rows.emplace_back();
    for (const Table::Cell& cell : row) rows.back().push_back(cell.text);
  }
  return rows;
}

}  // namespace

TEST_CASE("comma-separated values as of RFC 4180") {
  using Rows = std::vector<std::vector<std::string>>;
  CHECK(texts(table("1,2\n3,4\n")) == Rows{{"1", "2"}, {"3", "4"}});
  CHECK(texts(table("1,2\r\n\r\n3,4")) == Rows{{"1", "2"}, {"3", "4"}});
  CHECK(texts(table("\xef\xbb\xbf"
                    "1;a,b\n2;c")) == Rows{{"1", "a,b"}, {"2", "c"}});
  CHECK(texts(table("1\tx\n2\ty z\n")) == Rows{{"1", "x"}, {"2", "y z"}});
  CHECK(texts(table("1, \"a \"\"b\"\",\nc\" , \n2,d,")) == Rows{{"1", "a \"b\",\nc", ""}, {"2", "d", ""}});
  CHECK(texts(table("1:2\n3:4", {.separator = ':'})) == Rows{{"1", "2"}, {"3", "4"}});
  const Table t = table("length, \"kind, of\"\n1,a\n2,b\n");
  REQUIRE(t.header.size() == 2);
  CHECK(t.header[1].text == "kind, of");
  CHECK(t.rows.size() == 2);
  CHECK(t.place(t.rows[1][1]) == "t.csv:3:3");
  CHECK(table("1,2\n3,4", {.has_header = true}).rows.size() == 1);
  CHECK(table("a,b\n3,4", {.has_header = false}).rows.size() == 2);
  CHECK(table("5.1,setosa\n4.9,setosa\n").header.empty());
}

TEST_CASE("tables that cannot be read say where") {
  CHECK_THROWS_WITH(table(""), "t.csv: no data, the file is empty");
  CHECK_THROWS_WITH(table("\n\n"), "t.csv: no data, the file is empty");
  CHECK_THROWS_WITH(table("a,b\n", {.has_header = true}), "t.csv: no data below the header");
  CHECK_THROWS_WITH(table("1,2\n3,4,5\n"), "t.csv:2:1: this row has 3 cells, the first (line 1) has 2");
  CHECK_THROWS_WITH(table("1,2\n3,\"4\n"), "t.csv:2:3: this quote does not end");
  CHECK_THROWS_WITH(table("1,\"2\"x\n"),
                    "t.csv:1:6: text after the closing quote of a cell; a quote within quotes is written twice");
  CHECK_THROWS_WITH(table("a,a\n1,2\n"), "t.csv:1:3: two columns are called 'a'");
  CHECK_THROWS_AS(table(std::string("1,2\0\n", 5)), DataError);
}

TEST_CASE("numbers are numbers in full") {
  CHECK(number_in("-1.5e2") == -150);
  CHECK(number_in("+4") == 4);
  for (const char* text : {"", "1x", "nan", "inf", "1e999", "+-1", "0x10", "1,5", " 1"}) CHECK(!number_in(text));
}

TEST_CASE("columns: the target, its classes, or its numbers") {
  const Table t = table("a,b,kind\n1,2,10\n3,4,9\n5,6,10\n");
  Columns c = columns_of(t);
  CHECK(c.task == Task::classification);
  CHECK(c.features == std::vector<std::string>{"a", "b"});
  CHECK(c.classes == std::vector<std::string>{"9", "10"});
  const Samples s = samples_of(t, c);
  CHECK(s.count() == 3);
  CHECK(s.class_of(0) == 1);
  CHECK(s.class_of(1) == 0);
  CHECK(s.input(1)[1] == 4);
  CHECK(s.lines[2] == 4);
  c = columns_of(t, "a", Task::regression);
  CHECK(c.features == std::vector<std::string>{"b", "kind"});
  CHECK(samples_of(t, c).target(2)[0] == 5);
  CHECK(columns_of(t, "2").target == "b");
  CHECK(columns_of(table("1,0.5\n2,0.25")).task == Task::regression);
  CHECK_THROWS_WITH(columns_of(t, "c"), "t.csv has no column 'c'");
  CHECK_THROWS_WITH(columns_of(table("1,2\n3,4"), "x"),
                    "t.csv has no column 'x'; it has no header, so that columns are numbers from 1 to 2");
  CHECK_THROWS_WITH(columns_of(table("1,a\n2,a")),
                    "t.csv: all rows have the class 'a'; there is nothing to tell apart");
  CHECK_THROWS_WITH(columns_of(table("1,a\n2,")), "t.csv:2:3: the target 'column 2' is missing here");
}

TEST_CASE("samples of another table: by name, or by place, with or without the target") {
  const Columns c = columns_of(table("a,b,kind\n1,2,x\n3,4,y\n"));
  const Samples s = samples_of(table("b,other,a\n20,0,10\n"), c);
  CHECK(s.input(0)[0] == 10);
  CHECK(s.input(0)[1] == 20);
  CHECK(s.y.empty());
  CHECK(samples_of(table("1,2\n3,4"), c).y.empty());
  CHECK(samples_of(table("1,2,y\n3,4,x"), c).class_of(0) == 1);
  CHECK_THROWS_WITH(samples_of(table("a,c\n1,2\n"), c), "t.csv: there is no column 'b'");
  CHECK_THROWS_WITH(samples_of(table("1,2,z\n"), c), "t.csv:1:5: the class 'z' is not known");
  CHECK_THROWS_WITH(samples_of(table("1,2,x\n1,?,x\n"), c), "t.csv:2:3: 'column 2' is no finite number here: '?'");
  CHECK_THROWS_WITH(samples_of(table("1,nan,x\n"), c), "t.csv:1:3: 'column 2' is no finite number here: 'nan'");
  CHECK_THROWS_WITH(samples_of(table("1,,x\n"), c), "t.csv:1:3: 'column 2' is missing here");
  CHECK_THROWS_WITH(samples_of(table("1,2,3,4\n"), c),
                    "t.csv: rows have 4 cells; needed are 2 features, with or without the target");
}

TEST_CASE("a split takes its share of each class, from the seed") {
  std::string text;
  for (int i = 0; i < 90; ++i) text += std::to_string(i) + (i % 3 == 0 ? ",a\n" : ",b\n");
  const Table t = table(text);
  const Samples all = samples_of(t, columns_of(t));
  const Split first = split(all, Task::classification, 0.2, 5);
  CHECK(first.test.count() == 18);
  CHECK(first.training.count() == 72);
  std::size_t of_a = 0;
  for (std::size_t i = 0; i < 18; ++i) of_a += first.test.class_of(i) == 0 ? 1 : 0;
  CHECK(of_a == 6);
  CHECK(split(all, Task::classification, 0.2, 5).test.lines == first.test.lines);
  CHECK(split(all, Task::classification, 0.2, 6).test.lines != first.test.lines);
  std::vector<std::uint32_t> together = first.training.lines;
  together.insert(together.end(), first.test.lines.begin(), first.test.lines.end());
  std::ranges::sort(together);
  CHECK(together == all.lines);
  CHECK(split(all, Task::classification, 0, 5).test.count() == 0);
  CHECK(split(all, Task::classification, 0.999, 5).training.count() == 2);
  CHECK_THROWS_AS(split(all, Task::classification, 1, 5), std::invalid_argument);
}

TEST_CASE("standardisation: mean 0, deviation 1 and constant columns stay finite") {
  std::vector<double> x{1, 0.1, 3, 0.1, 5, 0.1};
  const Standardisation s = Standardisation::of(x, 2);
  CHECK(s.mean[0] == 3);
  CHECK(s.scale[0] == doctest::Approx(std::sqrt(8.0 / 3)));
  CHECK(s.scale[1] == 1);
  const std::vector<double> before = x;
  s.apply(x);
  CHECK(x[0] + x[2] + x[4] == doctest::Approx(0));
  CHECK(std::abs(x[1]) < 1e-15);
  s.undo(x);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == doctest::Approx(before[i]).epsilon(1e-15));
}

TEST_CASE("the data sets that come along are whole") {
  const auto read = [](const std::string& name) {
    std::ifstream file(std::string(NABLA_SOURCE_DIR) + "/examples/data/" + name, std::ios::binary);
    return read_table(std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}, name);
  };
  const auto expect = [&](const char* name, std::size_t rows, std::size_t features, std::vector<std::size_t> counts) {
    const Table t = read(name);
    const Columns c = columns_of(t);
    const Samples s = samples_of(t, c);
    CHECK(s.count() == rows);
    CHECK(s.features == features);
    std::vector<std::size_t> found(c.classes.size());
    for (std::size_t i = 0; i < s.count(); ++i) ++found[s.class_of(i)];
    CHECK(found == counts);
  };
  expect("iris.csv", 150, 4, {50, 50, 50});
  expect("wine.csv", 178, 13, {59, 71, 48});
  expect("digits.csv", 1797, 64, {178, 182, 177, 183, 181, 182, 181, 179, 174, 180});
}
