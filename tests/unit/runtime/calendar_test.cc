#include "runtime/exec/calendar.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "dsl/std/standard.h"
#include "runtime/exec/zones.h"

namespace stagecraft::runtime {
namespace {

constexpr std::int64_t kHour = 3600 * ir::kMicrosPerSecond;

Micros At(const std::string& text) {
  absl::Time time;
  std::string error;
  REQUIRE(absl::ParseTime(absl::RFC3339_full, text, &time, &error));
  return absl::ToUnixMicros(time);
}

std::int64_t Days(int year, int month, int day) { return absl::CivilDay(year, month, day) - absl::CivilDay(1970, 1, 1); }

Calendar Berlin() {
  ir::Calendar calendar;
  calendar.time_zone = "Europe/Berlin";
  calendar.holidays = {static_cast<std::int32_t>(Days(2026, 12, 25))};
  return Calendar(calendar);
}

}  // namespace

TEST_CASE("business time runs within business hours") {
  const Calendar calendar = Berlin();
  CHECK(calendar.AddBusinessTime(At("2026-10-01T10:00:00+02:00"), 4 * kHour) == At("2026-10-01T14:00:00+02:00"));
  CHECK(calendar.AddBusinessTime(At("2026-10-01T16:00:00+02:00"), 4 * kHour) == At("2026-10-02T11:00:00+02:00"));
  CHECK(calendar.AddBusinessTime(At("2026-10-01T07:00:00+02:00"), 1 * kHour) == At("2026-10-01T10:00:00+02:00"));
}

TEST_CASE("what ends with the business day ends on that day") {
  CHECK(Berlin().AddBusinessTime(At("2026-10-01T09:00:00+02:00"), 9 * kHour) == At("2026-10-01T18:00:00+02:00"));
}

TEST_CASE("week-ends and holidays are no business days") {
  const Calendar calendar = Berlin();
  CHECK(calendar.AddBusinessTime(At("2026-10-02T17:00:00+02:00"), 2 * kHour) == At("2026-10-05T10:00:00+02:00"));
  CHECK(calendar.AddBusinessTime(At("2026-12-24T17:00:00+01:00"), 2 * kHour) == At("2026-12-28T10:00:00+01:00"));
}

TEST_CASE("business time passes over the change to winter time") {
  CHECK(Berlin().AddBusinessTime(At("2026-10-23T17:30:00+02:00"), 1 * kHour) == At("2026-10-26T09:30:00+01:00"));
}

TEST_CASE("without business hours business time never ends") {
  ir::Calendar calendar;
  calendar.business_days = 0;
  CHECK(Calendar(calendar).AddBusinessTime(1000, 4 * kHour) == Calendar::kLastMoment);
  CHECK(Calendar(calendar).SubtractBusinessTime(1000, 4 * kHour) == Calendar::kFirstMoment);
}

TEST_CASE("business time of many years is counted as that of a few days") {
  // A calendar whose days the clocks make longer and shorter, and which has holidays.
  ir::Calendar whole_days;
  whole_days.time_zone = "Europe/Berlin";
  whole_days.business_days = 0x7F;
  whole_days.business_from_minute = 0;
  whole_days.business_to_minute = 24 * 60;
  for (std::int32_t i = 0; i < 40; ++i) whole_days.holidays.push_back(static_cast<std::int32_t>(Days(2026, 1, 3)) + 97 * i);
  for (const Calendar& calendar : {Berlin(), Calendar(whole_days)}) {
    Micros forward = At("2026-10-01T10:07:00+02:00");
    Micros back = forward;
    std::int64_t total = 0;
    for (int step = 1; step <= 2500; ++step) {
      forward = calendar.AddBusinessTime(forward, 7 * kHour);
      back = calendar.SubtractBusinessTime(back, 7 * kHour);
      total += 7 * kHour;
      if (step % 250 != 0) continue;
      CHECK(calendar.AddBusinessTime(At("2026-10-01T10:07:00+02:00"), total) == forward);
      CHECK(calendar.SubtractBusinessTime(At("2026-10-01T10:07:00+02:00"), total) == back);
    }
  }
}

TEST_CASE("business days move a date by days") {
  const Calendar calendar = Berlin();
  const ir::Duration day{9 * kHour, 0, true};
  CHECK(calendar.ShiftDate(Days(2026, 10, 1), day, false) == Days(2026, 10, 2));
  CHECK(calendar.ShiftDate(Days(2026, 10, 2), day, false) == Days(2026, 10, 5));
  CHECK(calendar.ShiftDate(Days(2026, 10, 3), day, false) == Days(2026, 10, 5));
  CHECK(calendar.ShiftDate(Days(2026, 10, 5), day, true) == Days(2026, 10, 2));
  CHECK(calendar.ShiftDate(Days(2026, 10, 4), day, true) == Days(2026, 10, 2));
}

TEST_CASE("a local time in the gap means the jump, one in the overlap the first") {
  const absl::TimeZone zone = Berlin().zone();
  CHECK(MomentIn(zone, absl::CivilSecond(2026, 3, 29, 2, 30, 0)) == At("2026-03-29T03:00:00+02:00"));
  CHECK(MomentIn(zone, absl::CivilSecond(2026, 10, 25, 2, 30, 0)) == At("2026-10-25T02:30:00+02:00"));
}

TEST_CASE("dates are those of the workspace's zone") {
  const Calendar calendar = Berlin();
  CHECK(calendar.DateOf(At("2026-10-01T22:30:00Z")) == Days(2026, 10, 2));
  CHECK(calendar.StartOf(Days(2026, 10, 2)) == At("2026-10-01T22:00:00Z"));
  CHECK(calendar.DateOf(At("1969-12-31T12:00:00Z")) == -1);
  CHECK(FormatDate(Days(2026, 10, 2)) == "2026-10-02");
  CHECK(FormatDate(Days(1, 1, 1)) == "0001-01-01");
  CHECK(FormatTime(At("2026-10-01T22:30:00Z"), calendar.zone()) == "2026-10-02 00:30");
  CHECK(FormatTime(At("2026-10-01T22:30:05Z"), calendar.zone()) == "2026-10-02 00:30:05");
}

TEST_CASE("every zone that a script may name has its rules in the program, wherever the machine keeps its own") {
  REQUIRE(setenv("TZDIR", "/nowhere", 1) == 0);
  for (const std::string& name : standard::TimeZones()) {
    INFO(name);
    absl::TimeZone zone;
    CHECK(absl::LoadTimeZone(name, &zone));
    CHECK(zone.name() == name);
  }
  unsetenv("TZDIR");
  CHECK(ZonesVersion().size() == 5);
}

TEST_CASE("the rules of a zone go on for ever") {
  const Calendar calendar = Berlin();
  CHECK(FormatTime(At("2060-07-01T00:00:00Z"), calendar.zone()) == "2060-07-01 02:00");
  CHECK(FormatTime(At("2060-12-01T00:00:00Z"), calendar.zone()) == "2060-12-01 01:00");
}

TEST_CASE("a zone that nobody knows is UTC") {
  ir::Calendar calendar;
  calendar.time_zone = "Atlantis/Capital";
  CHECK(ZoneOf(calendar) == absl::UTCTimeZone());
}

TEST_CASE("business time counts backwards from a moment as well") {
  const Calendar calendar = Berlin();
  CHECK(calendar.SubtractBusinessTime(At("2026-10-01T14:00:00+02:00"), 4 * kHour) == At("2026-10-01T10:00:00+02:00"));
  CHECK(calendar.SubtractBusinessTime(At("2026-10-05T10:00:00+02:00"), 2 * kHour) == At("2026-10-02T17:00:00+02:00"));
  CHECK(calendar.SubtractBusinessTime(At("2026-12-28T10:00:00+01:00"), 2 * kHour) == At("2026-12-24T17:00:00+01:00"));
}

TEST_CASE("months keep the local day and time, and end with a shorter month") {
  const Calendar calendar = Berlin();
  const ir::Duration month{0, 1, false};
  CHECK(calendar.Add(At("2026-01-31T09:00:00+01:00"), month) == At("2026-02-28T09:00:00+01:00"));
  CHECK(calendar.Add(At("2028-01-31T09:00:00+01:00"), month) == At("2028-02-29T09:00:00+01:00"));
  CHECK(calendar.Add(At("2026-03-15T09:00:00+01:00"), month) == At("2026-04-15T09:00:00+02:00"));
  CHECK(calendar.Subtract(At("2026-03-31T09:00:00+02:00"), month) == At("2026-02-28T09:00:00+01:00"));
  CHECK(calendar.Add(At("2028-02-29T09:00:00.25+01:00"), {0, 12, false}) == At("2029-02-28T09:00:00.25+01:00"));
}

TEST_CASE("days are 24 hours from a moment, but days of the calendar around a date") {
  const Calendar calendar = Berlin();
  const ir::Duration two_days{48 * kHour, 0, false};
  const Micros before_change = At("2026-10-24T09:00:00+02:00");
  CHECK(calendar.Add(before_change, two_days) == At("2026-10-26T08:00:00+01:00"));
  CHECK(calendar.ShiftDays(before_change, two_days, false) == At("2026-10-26T09:00:00+01:00"));
  CHECK(calendar.ShiftDays(At("2026-10-26T09:00:00+01:00"), two_days, true) == before_change);
  CHECK(calendar.ShiftDate(Days(2026, 10, 26), two_days, true) == Days(2026, 10, 24));
  CHECK(calendar.ShiftDate(Days(2026, 1, 31), {0, 1, false}, false) == Days(2026, 2, 28));
}

TEST_CASE("what recurs comes strictly after a moment") {
  const Calendar calendar = Berlin();
  ir::Recurrence mondays;
  mondays.days = 1;
  mondays.minute = 9 * 60;
  CHECK(calendar.Next(mondays, At("2026-10-01T12:00:00+02:00")) == At("2026-10-05T09:00:00+02:00"));
  CHECK(calendar.Next(mondays, At("2026-10-05T08:59:59+02:00")) == At("2026-10-05T09:00:00+02:00"));
  CHECK(calendar.Next(mondays, At("2026-10-05T09:00:00+02:00")) == At("2026-10-12T09:00:00+02:00"));

  ir::Recurrence last_day;
  last_day.day_of_month = 31;
  CHECK(calendar.Next(last_day, At("2027-02-01T00:00:00+01:00")) == At("2027-02-28T00:00:00+01:00"));

  ir::Recurrence business;
  business.days = 0;
  business.business_days = true;
  CHECK(calendar.Next(business, At("2026-12-24T00:00:00+01:00")) == At("2026-12-28T00:00:00+01:00"));

  ir::Recurrence with_saturday = business;
  with_saturday.days = 1U << 5;
  CHECK(calendar.Next(with_saturday, At("2026-12-24T00:00:00+01:00")) == At("2026-12-26T00:00:00+01:00"));

  ir::Recurrence never;
  never.days = 0;
  CHECK(calendar.Next(never, At("2026-12-24T00:00:00+01:00")) == Calendar::kNever);
}

TEST_CASE("what recurs in a gap comes with the jump, in an overlap the first time only") {
  const Calendar calendar = Berlin();
  ir::Recurrence daily;
  daily.minute = 2 * 60 + 30;
  CHECK(calendar.Next(daily, At("2026-03-28T12:00:00+01:00")) == At("2026-03-29T03:00:00+02:00"));
  CHECK(calendar.Next(daily, At("2026-03-29T03:00:00+02:00")) == At("2026-03-30T02:30:00+02:00"));
  CHECK(calendar.Next(daily, At("2026-10-24T12:00:00+02:00")) == At("2026-10-25T02:30:00+02:00"));
  CHECK(calendar.Next(daily, At("2026-10-25T02:30:00+02:00")) == At("2026-10-26T02:30:00+01:00"));
}

}  // namespace stagecraft::runtime
