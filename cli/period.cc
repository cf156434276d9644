#include "cli/period.h"

#include <absl/time/civil_time.h>

#include <algorithm>
#include <charconv>

namespace stagecraft::cli {
namespace {

constexpr int kUnitsMax = 100'000;

std::optional<absl::Time> Moved(absl::Time from, std::string_view period, int direction) {
  int number = 0;
  const auto [end, error] = std::from_chars(period.data(), period.data() + period.size(), number);
  if (error != std::errc() || number < 1 || number > kUnitsMax) return std::nullopt;
  number *= direction;
  const std::string_view unit = period.substr(static_cast<std::size_t>(end - period.data()));
  if (unit == "d") return from + number * absl::Hours(24);
  if (unit == "w") return from + number * absl::Hours(7 * 24);
  if (unit != "mo" && unit != "y") return std::nullopt;
  const int months = unit == "mo" ? number : number * 12;
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilSecond at = absl::ToCivilSecond(from, utc);
  const absl::CivilMonth month = absl::CivilMonth(at) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  const absl::CivilDay day = std::min(absl::CivilDay(month.year(), month.month(), 1) + (at.day() - 1), last);
  return absl::FromCivil(absl::CivilSecond(day.year(), day.month(), day.day(), at.hour(), at.minute(), at.second()), utc);
}

}  // namespace

std::optional<absl::Time> Earlier(absl::Time from, std::string_view period) { return Moved(from, period, -1); }
std::optional<absl::Time> Later(absl::Time from, std::string_view period) { return Moved(from, period, 1); }

}  // namespace stagecraft::cli
