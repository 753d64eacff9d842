#include <doctest/doctest.h>
#include <zlib.h>

#include <nabla/engine/train/gzip.hpp>
#include <nabla/engine/train/sample_file.hpp>

// Files packed by gzip, and arrays in IDX: read as they are, and refused where they are not whole.

namespace {

using namespace nabla;

std::string packed(std::string text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string made(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  made.resize(stream.total_out);
  deflateEnd(&stream);
  return made;
}

std::string error_of(const auto& run) {
  try {
    run();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int v : values) text += static_cast<char>(v);
  return text;
}

/// Four samples of 2 x 3 bytes, 0 to 23, and their labels.
const std::string images = bytes({0, 0, 8, 3, 0, 0, 0,  4,  0,  0,  0,  2,  0,  0,  0,  3,  0,  1,  2,  3,
                                  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23});
const std::string labels = bytes({0, 0, 8, 1, 0, 0, 0, 4, 7, 9, 9, 3});

SampleFile::Content named(const char* name, std::string content) { return {name, std::move(content)}; }

}  // namespace

TEST_CASE("what gzip packed comes back, whatever its size and in how many members") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919 % 1000) + ",";
  for (const std::string& each : {std::string(), std::string("a"), text}) {
    const std::string gzip = packed(each);
    CHECK(is_gzip(gzip));
    CHECK((unpacked_gzip(gzip, "f") == each));
    CHECK((unpacked_gzip(gzip + packed("b"), "f") == each + "b"));
  }
  CHECK(!is_gzip("a,b\n"));
}

TEST_CASE("gzip files that are not whole are refused") {
  const std::string gzip = packed("1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n");
  const auto refused = [](const std::string& content) { return error_of([&] { unpacked_gzip(content, "x.gz"); }); };
  for (std::size_t n = 2; n < gzip.size(); ++n) CHECK(refused(gzip.substr(0, n)) == "x.gz: this gzip file is cut off");
  std::string damaged = gzip;
  damaged[gzip.size() - 6] ^= 1;  // of the checksum
  CHECK(refused(damaged).starts_with("x.gz: this gzip file is damaged ("));
  for (std::size_t at = 2; at < gzip.size(); ++at) {
    damaged = gzip;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const std::string told = refused(damaged);  // some bytes of the header mean nothing
    CHECK((told == "no error" || told.starts_with("x.gz: this gzip file ")));
  }
  CHECK(refused(gzip + "rest") == "x.gz: this gzip file is followed by something else");
  const std::string large = packed(std::string(1'000'000, 'x'));
  CHECK(error_of([&] { unpacked_gzip(large, "x.gz", 999'999); }) ==
        "x.gz: this gzip file holds more than 999999 bytes");
  CHECK(unpacked_gzip(large, "x.gz", 1'000'000).size() == 1'000'000);
}

TEST_CASE("IDX arrays of every type") {
  const IdxArray a(images, "images");
  CHECK(a.extents() == std::vector<std::size_t>{4, 2, 3});
  CHECK(a.count() == 4);
  CHECK(a.each() == 6);
  CHECK(a.entry(23) == 23);
  CHECK(IdxArray(bytes({0, 0, 8, 1, 0, 0, 0, 1, 200}), "u8").entry(0) == 200);
  CHECK(IdxArray(bytes({0, 0, 9, 1, 0, 0, 0, 1, 200}), "i8").entry(0) == -56);
  CHECK(IdxArray(bytes({0, 0, 11, 1, 0, 0, 0, 2, 1, 0, 255, 254}), "i16").entry(1) == -2);
  CHECK(IdxArray(bytes({0, 0, 12, 1, 0, 0, 0, 1, 255, 255, 255, 0}), "i32").entry(0) == -256);
  CHECK(IdxArray(bytes({0, 0, 13, 1, 0, 0, 0, 1, 0xbf, 0x40, 0, 0}), "f32").entry(0) == -0.75);
  CHECK(IdxArray(bytes({0, 0, 14, 1, 0, 0, 0, 1, 0x40, 0x04, 0, 0, 0, 0, 0, 0}), "f64").entry(0) == 2.5);
}

TEST_CASE("IDX files that are not whole are refused") {
  const auto refused = [](std::string content) { return error_of([&] { IdxArray(std::move(content), "i"); }); };
  for (std::size_t n = 0; n < images.size(); ++n) CHECK(refused(images.substr(0, n)) != "no error");
  CHECK(refused(images.substr(0, 10)) == "i: this IDX file is cut off in its extents");
  CHECK(refused(images.substr(0, 30)) == "i: this IDX file is cut off: it has 14 entries, fewer than its extents say");
  CHECK(refused(images + "12") == "i: this IDX file has 2 bytes more than its extents say");
  CHECK(refused(bytes({0, 0, 8, 0, 1})) == "i: this IDX file has no extent");
  CHECK(refused(bytes({0, 0, 10, 1, 0, 0, 0, 1, 1})) == "i: this IDX file has the type 10, which there is not");
  CHECK(refused(bytes({0, 0, 8, 1, 0, 0, 0, 0})) == "i: this IDX file has an extent of 0");
  // A product of extents past 2^64, and one that a counter would take for few.
  std::string huge = bytes({0, 0, 8, 3});
  for (int axis = 0; axis < 3; ++axis) huge += bytes({255, 255, 255, 255});
  CHECK(refused(huge + "1234").starts_with("i: this IDX file is cut off"));
  CHECK(refused(bytes({0, 0, 14, 2, 0x80, 0, 0, 0, 0x40, 0, 0, 0, 1})).starts_with("i: this IDX file is cut off"));
}

TEST_CASE("samples of an IDX array with its labels, packed or not, and of tables") {
  for (const bool is_packed : {false, true}) {
    const auto content = [&](const std::string& of) { return is_packed ? packed(of) : of; };
    const SampleFile file(named("i", content(images)), named("l", content(labels)));
    const Columns c = file.columns();
    CHECK(c.task == Task::classification);
    CHECK(c.classes == std::vector<std::string>{"3", "7", "9"});
    CHECK(c.features.size() == 6);
    const Samples s = file.samples(c);
    CHECK(s.count() == 4);
    CHECK(s.input(1)[0] == 6);
    CHECK(s.class_of(0) == 1);
    CHECK(s.class_of(3) == 0);
    CHECK(file.samples(c, false).y.empty());
    CHECK(SampleFile(named("i", content(images))).samples(c).y.empty());
    CHECK(file.samples(file.columns({}, Task::regression)).y == std::vector<double>{7, 9, 9, 3});
    const SampleFile table(named("t", content("a,b\n1,x\n2,y\n")));
    CHECK(table.count() == 2);
    CHECK(table.columns().classes == std::vector<std::string>{"x", "y"});
    CHECK(table.samples(table.columns()).x == std::vector<double>{1, 2});
  }
  const auto refused = [](auto&&... contents) { return error_of([&] { SampleFile{contents...}; }); };
  CHECK(refused(named("i", images), named("l", bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 9}))) ==
        "l: 2 labels for 4 samples of i");
  CHECK(refused(named("i", images), named("l", images)) == "l: labels have one extent, this IDX file has 3");
  CHECK(refused(named("t", "a,b\n1,x\n"), named("l", labels)) ==
        "t: labels in a file of their own belong to an IDX file; this is none");
  CHECK(refused(named("l", labels)).starts_with("l: this IDX file has one extent"));
  const SampleFile file(named("i", images), named("l", labels));
  CHECK(error_of([&] { SampleFile(named("i", images)).columns(); }) ==
        "i: the labels of an IDX file stand in another (--labels)");
  Columns other = file.columns();
  other.classes = {"3", "7"};
  CHECK(error_of([&] { file.samples(other); }) == "l: the class '9' is not known");
  other.features.pop_back();
  CHECK(error_of([&] { file.samples(other); }) == "i: samples have 6 entries; needed are 5");
  CHECK(error_of([&] {
          const SampleFile f(named("i", bytes({0, 0, 13, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x7f, 0xc0, 0, 0})));
          Columns c;
          c.features = {"x"};
          f.samples(c);
        }) == "i: sample 1 has an entry that is no finite number");
}
