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
  std::int32_t months;
};

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kWeekSeconds = 7 * kDaySeconds;
constexpr std::array<Unit, 8> kUnits = {{
    {"second", "seconds", 1, 0},
    {"minute", "minutes", 60, 0},
    {"hour", "hours", 3'600, 0},
    {"day", "days", kDaySeconds, 0},
    {"week", "weeks", kWeekSeconds, 0},
    {"month", "months", 0, 1},
    {"quarter", "quarters", 0, 3},
    {"year", "years", 0, 12},
}};

// What people write for a unit and the language does not take; too far from the word for the nearest-name search.
struct Abbreviation {
  std::string_view written;
  std::string_view unit;
};
constexpr std::array<Abbreviation, 17> kAbbreviations = {{
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
    {"wk", "weeks"},
    {"wks", "weeks"},
    {"mo", "months"},
    {"mos", "months"},
    {"yr", "years"},
    {"yrs", "years"},
}};

const Unit* FindUnit(std::string_view folded) {
  for (const Unit& unit : kUnits) {
    if (folded == unit.singular || folded == unit.plural) return &unit;
  }
  return nullptr;
}

void ReportUnknownUnit(const syntax::Duration& duration, std::string_view folded, Reporter& reporter) {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) names.emplace_back(unit.plural);
  const bool is_one = duration.amount == kMicrosPerSecond;
  // `1 dya` is a day; the list shows the plurals.
  std::vector<std::string> candidates;
  for (const Unit& unit : kUnits) candidates.emplace_back(is_one ? unit.singular : unit.plural);
  const std::string message = "there is no unit of time " + Tick(duration.unit);
  for (const Abbreviation& abbreviation : kAbbreviations) {
    if (folded != abbreviation.written) continue;
    Diagnostic& diagnostic = reporter.Report(Code::kUnknownUnit, duration.unit_span, message, "not a unit of time");
    std::string meant(is_one ? FindUnit(abbreviation.unit)->singular : abbreviation.unit);
    diagnostic.help.push_back("did you mean " + Tick(meant) + "?");
    // `4h`: the blank before the unit is missing, too.
    const std::string amount = std::to_string(duration.amount / kMicrosPerSecond);
    const bool is_glued = !duration.business && duration.span.begin + amount.size() == duration.unit_span.begin;
    diagnostic.fixes = {Replace(duration.unit_span, (is_glued ? " " : "") + meant)};
    diagnostic.fixes.front().safe = folded != "m";
    Reporter::AddChoices(diagnostic, "the units are", names);
    return;
  }
  Diagnostic* diagnostic =
      reporter.ReportUnknown(Code::kUnknownUnit, duration.unit_span, duration.unit, message, "not a unit of time", candidates);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the units are", names);
}

const Unit* ResolveUnit(const syntax::Duration& duration, Reporter& reporter) {
  const std::string folded = FoldCase(duration.unit);
  const Unit* unit = FindUnit(folded);
  if (unit == nullptr) ReportUnknownUnit(duration, folded, reporter);
  return unit;
}

bool CheckLength(__int128 length, __int128 longest, const syntax::Duration& duration, Reporter& reporter) {
  if (length <= 0) {
    reporter.Report(Code::kOutOfRange, duration.span, "a duration must be longer than nothing", "not longer than nothing");
    return false;
  }
  if (length > longest) {
    reporter.Report(Code::kOutOfRange, duration.span, "a duration may be 100 years at most", "longer than 100 years");
    return false;
  }
  return true;
}

std::optional<std::int64_t> Multiply(const syntax::Duration& duration, std::int64_t unit_seconds, Reporter& reporter) {
  // amount is in millionths, so amount × seconds is microseconds.
  const __int128 micros = static_cast<__int128>(duration.amount) * unit_seconds;
  if (!CheckLength(micros, static_cast<__int128>(kDurationMaxSeconds) * kMicrosPerSecond, duration, reporter)) return std::nullopt;
  return static_cast<std::int64_t>(micros);
}

std::nullopt_t ReportNotBusinessTime(const syntax::Duration& duration, const Unit& unit, Reporter& reporter) {
  reporter
      .Report(Code::kUnitNotPossible, duration.span,
              "business time is counted in minutes, hours, days or weeks, not in " + std::string(unit.plural), "not business time")
      .help.emplace_back("leave `business` out");
  return std::nullopt;
}

std::optional<Duration> Months(const syntax::Duration& duration, const Unit& unit, Reporter& reporter) {
  if (duration.business) return ReportNotBusinessTime(duration, unit, reporter);
  const __int128 months = static_cast<__int128>(duration.amount) * unit.months;
  if (months % kMicrosPerSecond != 0) {
    Diagnostic& diagnostic = reporter.Report(Code::kOutOfRange, duration.span,
                                             "a part of a " + std::string(unit.singular) + " has no length of its own", "not whole months");
    diagnostic.help.emplace_back("write it in smaller units, such as `45 days`");
    return std::nullopt;
  }
  if (!CheckLength(months, __int128{kDurationMaxMonths} * kMicrosPerSecond, duration, reporter)) return std::nullopt;
  Duration any;
  any.months = static_cast<std::int32_t>(months / kMicrosPerSecond);
  return any;
}

}  // namespace

std::optional<std::int64_t> FixedMicros(const syntax::Duration& duration, Reporter& reporter) {
  if (duration.business) {
    Diagnostic& diagnostic = reporter.Report(Code::kUnitNotPossible, duration.span,
                                             "business time has no fixed length, and one is wanted here", "elapsed time is wanted here");
    diagnostic.help.emplace_back("leave `business` out");
    return std::nullopt;
  }
  const Unit* unit = ResolveUnit(duration, reporter);
  if (unit == nullptr) return std::nullopt;
  if (unit->seconds != 0) return Multiply(duration, unit->seconds, reporter);
  Diagnostic& diagnostic = reporter.Report(Code::kUnitNotPossible, duration.unit_span,
                                           "a " + std::string(unit->singular) + " has no fixed length, so it cannot be counted here",
                                           "not a fixed length of time");
  diagnostic.help.emplace_back("write it in days or weeks, such as `30 days`");
  return std::nullopt;
}

std::optional<Duration> AnyDuration(const syntax::Duration& duration, const Calendar& calendar, Reporter& reporter) {
  const Unit* unit = ResolveUnit(duration, reporter);
  if (unit == nullptr) return std::nullopt;
  if (unit->months != 0) return Months(duration, *unit, reporter);
  std::int64_t seconds = unit->seconds;
  if (duration.business) {
    if (seconds == 1) return ReportNotBusinessTime(duration, *unit, reporter);
    const std::int64_t day = 60LL * (calendar.business_to_minute - calendar.business_from_minute);
    if (seconds == kDaySeconds) seconds = day;
    if (seconds == kWeekSeconds) seconds = day * static_cast<std::int64_t>(std::bitset<7>(calendar.business_days).count());
  }
  const std::optional<std::int64_t> micros = Multiply(duration, seconds, reporter);
  if (!micros.has_value()) return std::nullopt;
  Duration any{*micros, 0, duration.business};
  if (duration.business && unit->seconds == kDaySeconds) any.business_days = duration.amount;
  if (duration.business && unit->seconds == kWeekSeconds) any.business_weeks = duration.amount;
  return any;
}

bool IsWholeDays(const syntax::Duration& duration) {
  const Unit* unit = FindUnit(FoldCase(duration.unit));
  if (unit == nullptr) return false;
  return unit->months != 0 || (unit->seconds >= kDaySeconds && duration.amount % kMicrosPerSecond == 0);
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
  if (!date.ok() || year == 0) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

}  // namespace stagecraft::sema
