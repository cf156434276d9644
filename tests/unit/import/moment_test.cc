#include "runtime/import/moment.h"

#include <catch2/catch.hpp>

namespace stagecraft::runtime {
namespace {

std::string Read(std::string_view text, DateOrder order = DateOrder::kMonthDayYear, absl::TimeZone zone = absl::UTCTimeZone()) {
  const auto moment = MomentReader(order, zone).Read(text);
  if (!moment) return "none";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixMicros(moment->at), absl::UTCTimeZone()) +
         (moment->has_time ? "" : " (a day)");
}

TEST_CASE("dates and times are read as HubSpot writes them") {
  CHECK(Read("2024-03-12 09:14") == "2024-03-12T09:14:00Z");
  CHECK(Read("3/15/2024 2:30 PM") == "2024-03-15T14:30:00Z");
  CHECK(Read("3/15/2024 12:05 am") == "2024-03-15T00:05:00Z");
  CHECK(Read("2024-03-12") == "2024-03-12T00:00:00Z (a day)");
  CHECK(Read("1710234840000") == "2024-03-12T09:14:00Z");
}

TEST_CASE("ISO times keep their offset") {
  CHECK(Read("2024-03-12T09:14:30.25Z") == "2024-03-12T09:14:30.25Z");
  CHECK(Read("2024-03-12T09:14:00+09:00") == "2024-03-12T00:14:00Z");
  CHECK(Read("2024-03-12T09:14:00-0530") == "2024-03-12T14:44:00Z");
}

TEST_CASE("a time without an offset is of the given zone") {
  absl::TimeZone tokyo;
  REQUIRE(absl::LoadTimeZone("Asia/Tokyo", &tokyo));
  CHECK(Read("2024-03-12 09:14", DateOrder::kMonthDayYear, tokyo) == "2024-03-12T00:14:00Z");
}

TEST_CASE("the order of day and month is what the file's is said to be, and a year in front needs no order") {
  CHECK(Read("05-06-2018 17:27", DateOrder::kDayMonthYear) == "2018-06-05T17:27:00Z");
  CHECK(Read("05-06-2018 17:27", DateOrder::kMonthDayYear) == "2018-05-06T17:27:00Z");
  CHECK(Read("31.12.2018", DateOrder::kDayMonthYear) == "2018-12-31T00:00:00Z (a day)");
  CHECK(Read("2018/12/31", DateOrder::kDayMonthYear) == "2018-12-31T00:00:00Z (a day)");
}

TEST_CASE("what is no date is none") {
  for (const auto* text : {"", "soon", "2024-02-30", "13/13/2024", "2024-03", "12-03-24", "2024-03-12 25:00", "2024-03-12 09:60",
                           "2024-03-12x", "0/1/2024", "13:00 PM", "3/15/2024 13:00 PM", "2024-03-12T09:14:00+25:00", "-1", "12345"}) {
    CHECK(Read(text) == "none");
  }
}

TEST_CASE("an order of dates is written as a pattern") {
  CHECK(ParseDateOrder("DD-MM-YYYY") == DateOrder::kDayMonthYear);
  CHECK(ParseDateOrder("d.m.yyyy") == DateOrder::kDayMonthYear);
  CHECK(ParseDateOrder("MM/DD/YYYY") == DateOrder::kMonthDayYear);
  CHECK_FALSE(ParseDateOrder("YYYY").has_value());
  CHECK_FALSE(ParseDateOrder("day first").has_value());
}

}  // namespace
}  // namespace stagecraft::runtime
