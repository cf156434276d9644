#include "runtime/import/run_config.h"

#include <catch2/catch.hpp>
#include <string>

#include "runtime/import/toml.h"

namespace stagecraft::runtime {
namespace {

std::string ErrorOf(std::string_view text) {
  const auto config = ParseRunConfig("run.toml", text);
  return config ? "" : config.error().message;
}

TEST_CASE("a run's configuration names files, mappings and tables") {
  const auto config = ParseRunConfig("run.toml", R"(
[[contacts]]
file = "contacts.csv"
dates = "DD-MM-YYYY"
[contacts.columns]
"Town" = "city"
"Note" = ""

[[events]]
file = "deals.csv"
type = "deal won"
contact = "{id}"
occurred_at = "{won}"
create_if_missing = true
[events.properties]
owner = "{rep}"
city = "{town}"

[[events]]
file = "events.ndjson"

[[table]]
title = "won by month"
by = "month of created"
when = "status is New"
columns = [{ heading = "all" }, { heading = "won", when = "lifecycle is Customer" }]
total = true
)");
  REQUIRE(config);
  REQUIRE(config->contacts.size() == 1);
  CHECK(config->contacts[0].mapping.columns == std::vector<std::pair<std::string, std::string>>{{"Town", "city"}, {"Note", ""}});
  CHECK(config->contacts[0].mapping.date_order == "DD-MM-YYYY");
  REQUIRE(config->events.size() == 2);
  CHECK(config->events[0].mapping.create_if_missing);
  CHECK(config->events[0].mapping.properties == std::vector<std::pair<std::string, std::string>>{{"owner", "{rep}"}, {"city", "{town}"}});
  CHECK(IsNdjson(config->events[1].file));
  REQUIRE(config->tables.size() == 1);
  CHECK(config->tables[0].columns[1].when == "lifecycle is Customer");
  CHECK(config->tables[0].total);
}

TEST_CASE("a mistake is said with file, line and column") {
  CHECK(ErrorOf("[[events]]\nfile = \"a.csv\"\ntyp = \"x\"\n") ==
        "run.toml:3:1: unknown key `typ`; the keys here are `actor`, `contact`, `create_if_missing`, `dates`, `fields`, `file`, `id`, "
        "`occurred_at`, `properties`, `type`");
  CHECK(ErrorOf("[[events]]\nfile = 7\n") == "run.toml:2:8: expected a text in quotes");
  CHECK(ErrorOf("[[contacts]]\nfile = \"a.csv\"\ndates = \"day\"\n") ==
        "run.toml:3:9: `day` is no order of dates; write `DD-MM-YYYY` or `MM/DD/YYYY`");
  CHECK(ErrorOf("[[events]]\nfile = \"a.csv\"\n") == "run.toml:1:1: `type` is missing here");
  CHECK(ErrorOf("[table]\n") == "run.toml:1:1: expected tables, each begun by its name in double brackets");
  CHECK(ErrorOf("x = [\n").find("run.toml:") == 0);
}

TEST_CASE("a file that could do harm is not read") {
  std::string key = "a";
  for (int i = 0; i < 100; ++i) key += ".a";
  CHECK(ErrorOf(key + " = 1\n").find("unknown key `a`") != std::string::npos);
  CHECK(ErrorOf("\n" + key + ".a = 1\n") == "run.toml:2:202: a line has more than 100 dots; break it in two");
  CHECK(ErrorOf(std::string(kTomlBytesMax + 1, '#')) == "`run.toml` is larger than 256 KiB, the most that is read");
}

TEST_CASE("a mapping of an import has the keys of a [[contacts]] at the top of its file") {
  const auto mapping = ParseContactMapping("m.toml", "id_column = \"Nr\"\nas_of = \"2026-10-04T18:00:00Z\"\n[columns]\nTown = \"city\"\n");
  REQUIRE(mapping);
  CHECK(mapping->id_column == "Nr");
  CHECK(mapping->as_of == 1'791'136'800'000'000);
  CHECK(mapping->columns.size() == 1);
}

}  // namespace
}  // namespace stagecraft::runtime
