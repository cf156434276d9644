#include "runtime/import/csv.h"

#include <catch2/catch.hpp>
#include <vector>

namespace stagecraft::runtime {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;
  std::vector<std::vector<std::uint32_t>> lines;
  Status status;
};

// Feeds `text` in pieces of `piece` bytes.
Read ReadCsv(std::string_view text, std::size_t piece = 1 << 20) {
  Read read;
  CsvReader reader([&](std::span<const CsvValue> row) {
    auto& values = read.rows.emplace_back();
    auto& lines = read.lines.emplace_back();
    for (const auto& value : row) {
      values.push_back(value.text);
      lines.push_back(value.line);
    }
  });
  for (; read.status.ok() && !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    read.status = reader.Feed(text.substr(0, piece));
  if (read.status.ok()) read.status = reader.Finish();
  return read;
}

TEST_CASE("values are separated by commas, semicolons or tabs, whichever the heading has") {
  CHECK(ReadCsv("a,b\n1,2\n").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(ReadCsv("a;b\n1,5;2\n").rows == Rows{{"a", "b"}, {"1,5", "2"}});
  CHECK(ReadCsv("a\tb\n1\t2\n").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(ReadCsv("\"a,x\";b\n1;2\n").rows == Rows{{"a,x", "b"}, {"1", "2"}});
}

TEST_CASE("a byte order mark, CRLF, CR and a missing last line break are understood") {
  CHECK(ReadCsv("\xEF\xBB\xBF"
                "a,b\r\n1,2\r\n")
            .rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(ReadCsv("a,b\r1,2\r").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(ReadCsv("a,b\n1,2").rows == Rows{{"a", "b"}, {"1", "2"}});
}

TEST_CASE("quoted values keep separators, doubled quotes and line breaks") {
  CHECK(ReadCsv("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n").rows == Rows{{"a", "b"}, {"x, \"y\"", "1\n2"}});
}

TEST_CASE("each value has the line that it begins in") {
  const auto read = ReadCsv("a,b,c\r\n1,\"x\r\ny\",z\r\n\r\n2,3,4\r\n");
  REQUIRE(read.rows.size() == 3);
  CHECK(read.lines[0] == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(read.lines[1] == std::vector<std::uint32_t>{2, 2, 3});
  CHECK(read.lines[2] == std::vector<std::uint32_t>{5, 5, 5});
}

TEST_CASE("it does not matter where the file is cut into pieces") {
  const std::string text =
      "\xEF\xBB\xBF"
      "name;note\r\n\"A \"\"B\"\"\";\"1\r\n2\"\r\n\r\nC;3";
  const auto whole = ReadCsv(text);
  REQUIRE(whole.rows.size() == 3);
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    const auto read = ReadCsv(text, piece);
    CHECK(read.rows == whole.rows);
    CHECK(read.lines == whole.lines);
  }
}

TEST_CASE("what cannot be read is said with its line") {
  CHECK(ReadCsv("a,b\n1,\"2\n3,4\n").status.message == "line 2: the quoted value that begins here is never closed");
  CHECK(ReadCsv("\xFF\xFE"
                "a\0b\n")
            .status.message == "the file is in UTF-16; save it as `CSV UTF-8` and try again");
  CHECK(ReadCsv("a,b\n\"" + std::string(2 << 20, 'x')).status.message ==
        "line 2: a value longer than 1 MiB begins here; is its closing quote missing?");
}

TEST_CASE("an empty file has no rows") {
  const auto read = ReadCsv("");
  CHECK(read.status.ok());
  CHECK(read.rows.empty());
}

}  // namespace
}  // namespace stagecraft::runtime
