#include "cli/table.h"

#include <catch2/catch.hpp>

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

TEST_CASE("cut text says that something is missing") {
  CHECK(Trim("short", 5) == "short");
  CHECK(Trim("longer text", 6) == "longe…");
  CHECK(Trim("two\nlines", 20) == "two lines");
  CHECK(Trim("高橋美咲", 5) == "高橋…");
}

}  // namespace
}  // namespace stagecraft::cli
