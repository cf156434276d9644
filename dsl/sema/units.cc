#include "dsl/sema/units.h"

#include <array>
#include <bitset>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

struct Unit {
  std::string_view singular;
  std::string_view plural;
  std::int64_t seconds;  // 0: no fixed length
};

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kWeekSeconds = 7 * kDaySeconds;
constexpr std::array<Unit, 8> kUnits = {{
    {"second", "seconds", 1},
    {"minute", "minutes", 60},
    {"hour", "hours", 3'600},
    {"day", "days", kDaySeconds},
    {"week", "weeks", kWeekSeconds},
    {"month", "months", 0},
    {"quarter", "quarters", 0},
    {"year", "years", 0},
}};

// What people write for a unit and the language does not take; too far from the word for the nearest-name search.
struct Abbreviation {
  std::string_view written;
  std::string_view unit;
};
constexpr std::array<Abbreviation, 12> kAbbreviations = {{
    {"s", "seconds"},
    {"sec", "seconds"},
    {"secs", "seconds"},
    {"m", "minutes"},
    {"min", "minutes"},
    {"mins", "minutes"},
    {"h", "hours"},
    {"hr", "hours"},
    {"hrs", "hours"},
    {"d", "days"},
    {"w", "weeks"},
    {"wks", "weeks"},
}};

const Unit* FindUnit(std::string_view folded) {
  for (const Unit& unit : kUnits) {
    if (folded == unit.singular || folded == unit.plural) return &unit;
  }
  return nullptr;
}

void ReportUnknownUnit(const syntax::Duration& duration, std::string_view folded, Reporter& reporter) {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) {
    if (unit.seconds != 0) names.emplace_back(unit.plural);
  }
  const std::string message = "there is no unit of time " + Tick(duration.unit);
  for (const Abbreviation& abbreviation : kAbbreviations) {
    if (folded != abbreviation.written) continue;
    Diagnostic& diagnostic = reporter.Report(Code::kUnknownUnit, duration.unit_span, message, "not a unit of time");
    diagnostic.help.push_back("did you mean " + Tick(abbreviation.unit) + "?");
    diagnostic.fix = Fix{duration.unit_span, std::string(abbreviation.unit)};
    Reporter::AddChoices(diagnostic, "the units are", names);
    return;
  }
  Diagnostic* diagnostic =
      reporter.ReportUnknown(Code::kUnknownUnit, duration.unit_span, duration.unit, message, "not a unit of time", names);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the units are", names);
}

// Seconds of one unit; nothing when an error was reported.
std::optional<std::int64_t> UnitSeconds(const syntax::Duration& duration, Reporter& reporter) {
  const std::string folded = FoldCase(duration.unit);
  const Unit* unit = FindUnit(folded);
  if (unit == nullptr) {
    ReportUnknownUnit(duration, folded, reporter);
    return std::nullopt;
  }
  if (unit->seconds != 0) return unit->seconds;
  Diagnostic& diagnostic = reporter.Report(Code::kUnitNotPossible, duration.unit_span,
                                           "a " + std::string(unit->singular) + " has no fixed length, so it cannot be counted here",
                                           "not a fixed length of time");
  diagnostic.help.emplace_back("write it in days or weeks, such as `30 days`");
  return std::nullopt;
}

std::optional<std::int64_t> Multiply(const syntax::Duration& duration, std::int64_t unit_seconds, Reporter& reporter) {
  // amount is in millionths, so amount × seconds is microseconds.
  const __int128 micros = static_cast<__int128>(duration.amount) * unit_seconds;
  if (micros <= 0) {
    reporter.Report(Code::kOutOfRange, duration.span, "a duration must be longer than nothing", "not longer than nothing");
    return std::nullopt;
  }
  if (micros > static_cast<__int128>(kDurationMaxSeconds) * kMicrosPerSecond) {
    reporter.Report(Code::kOutOfRange, duration.span, "a duration may be 100 years at most", "longer than 100 years");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(micros);
}

}  // namespace

std::optional<std::int64_t> ElapsedMicros(const syntax::Duration& duration, Reporter& reporter) {
  if (duration.business) {
    Diagnostic& diagnostic = reporter.Report(Code::kUnitNotPossible, duration.span, "business time can only be counted in `due in`",
                                             "elapsed time is wanted here");
    diagnostic.help.emplace_back("leave `business` out");
    return std::nullopt;
  }
  const std::optional<std::int64_t> seconds = UnitSeconds(duration, reporter);
  if (!seconds.has_value()) return std::nullopt;
  return Multiply(duration, *seconds, reporter);
}

std::optional<Duration> AnyDuration(const syntax::Duration& duration, const Calendar& calendar, Reporter& reporter) {
  std::optional<std::int64_t> seconds = UnitSeconds(duration, reporter);
  if (!seconds.has_value()) return std::nullopt;
  if (duration.business) {
    const std::int64_t day = 60LL * (calendar.business_to_minute - calendar.business_from_minute);
    if (*seconds == kDaySeconds) seconds = day;
    if (*seconds == kWeekSeconds) seconds = day * static_cast<std::int64_t>(std::bitset<7>(calendar.business_days).count());
  }
  const std::optional<std::int64_t> micros = Multiply(duration, *seconds, reporter);
  if (!micros.has_value()) return std::nullopt;
  return Duration{*micros, duration.business};
}

std::optional<std::int32_t> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto read = [&](std::size_t from, std::size_t to, auto& out) {
    const auto result = std::from_chars(text.data() + from, text.data() + to, out);
    return result.ec == std::errc() && result.ptr == text.data() + to;
  };
  if (!read(0, 4, year) || !read(5, 7, month) || !read(8, 10, day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

}  // namespace stagecraft::sema
