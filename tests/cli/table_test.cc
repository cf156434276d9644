#include "cli/table.h"

#include <catch2/catch.hpp>

#include "cli/unified_diff.h"

namespace stagecraft::cli {
namespace {

Table People() {
  Table table({"name", "company", "score"});
  table.Add({"Ana", "Adria, d.o.o.", std::uint64_t{7}});
  table.Add({"高橋", "川辺製作所", std::uint64_t{120}});
  return table;
}

TEST_CASE("columns line up by what letters take on a terminal, numbers to the right") {
  CHECK(People().Text({}) ==
        "name  company        score\n"
        "──────────────────────────\n"
        "Ana   Adria, d.o.o.      7\n"
        "高橋  川辺製作所       120\n");
}

TEST_CASE("a table that does not fit is cut where it is widest") {
  CHECK(People().Text({22, false}) ==
        "name  company    score\n"
        "──────────────────────\n"
        "Ana   Adria, d…      7\n"
        "高橋  川辺製作…    120\n");
}

TEST_CASE("sums stand apart") {
  Table table({"status", "contacts"});
  table.Add({"New", std::uint64_t{2}});
  table.SetTotal({"total", std::uint64_t{2}});
  CHECK(table.Text({}) ==
        "status  contacts\n"
        "────────────────\n"
        "New            2\n"
        "────────────────\n"
        "total          2\n");
}

TEST_CASE("CSV quotes what has to be quoted") {
  CHECK(People().Csv() == "name,company,score\r\nAna,\"Adria, d.o.o.\",7\r\n高橋,川辺製作所,120\r\n");
  Table table({"text"});
  table.Add({"say \"hi\"\nagain"});
  CHECK(table.Csv() == "text\r\n\"say \"\"hi\"\"\nagain\"\r\n");
}

TEST_CASE("JSON has numbers as numbers") {
  CHECK(People().Ndjson("\"table\":\"t\"").substr(0, 65) ==
        "{\"table\":\"t\",\"name\":\"Ana\",\"company\":\"Adria, d.o.o.\",\"score\":7}\n{\"");
  Table empty({"a"});
  CHECK(empty.Json() == "[]");
}

TEST_CASE("a row is one line that does nothing to a terminal, and what is for programs is exact") {
  Table table({"na\nme", "note"});
  table.Add({"\x1b[31mAna", "two\r\n::error::lines\u202E"});
  CHECK(table.Text({}) ==
        "na⏎me     note\n"
        "─────────────────────────────\n"
        "�[31mAna  two⏎::error::lines�\n");
  CHECK(table.Csv() == "\"na\nme\",note\r\n\x1b[31mAna,\"two\r\n::error::lines\u202E\"\r\n");
  CHECK(table.Ndjson() == "{\"na\\nme\":\"\\u001b[31mAna\",\"note\":\"two\\r\\n::error::lines\\u202e\"}\n");
}

TEST_CASE("a patch is exact for programs, and shown for people") {
  const std::string before = "a  \n";
  const std::string after = "a \x1b[31m\u202E\n";
  CHECK(UnifiedDiff("a.stage", before, after, {}) == "--- a.stage\n+++ a.stage\n@@ -1,1 +1,1 @@\n-a  \n+a \x1b[31m\u202E\n");
  CHECK(UnifiedDiff("a.stage", before, after, {false, true}) == "--- a.stage\n+++ a.stage\n@@ -1,1 +1,1 @@\n-a  \n+a �[31m�\n");
}

TEST_CASE("a name that would not stay one line stands in quotation marks in a patch") {
  const auto heads = [](std::string_view name) {
    const std::string diff = UnifiedDiff(name, "a\n", "b\n", {});
    return diff.substr(0, diff.find("\n@@"));
  };
  CHECK(heads("é \\.stage") == "--- é \\.stage\n+++ é \\.stage");
  CHECK(heads("a\n::error::\"\\.stage") == "--- \"a\\012::error::\\\"\\\\.stage\"\n+++ \"a\\012::error::\\\"\\\\.stage\"");
  CHECK(heads("\u202E.stage") == "--- \"\\342\\200\\256.stage\"\n+++ \"\\342\\200\\256.stage\"");
}

}  // namespace
}  // namespace stagecraft::cli
