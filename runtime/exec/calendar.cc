#include "runtime/exec/calendar.h"

#include <algorithm>

namespace stagecraft::runtime {
namespace {

constexpr std::int32_t kDaysSearchedMax = 3653;  // ten years

absl::CivilDay DayOf(std::int64_t days) { return absl::CivilDay(1970, 1, 1) + days; }

}  // namespace

absl::TimeZone ZoneOf(const ir::Calendar& calendar) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(calendar.time_zone, &zone) ? zone : absl::UTCTimeZone();
}

Micros MomentIn(const absl::TimeZone& zone, absl::CivilSecond local) {
  const absl::TimeZone::TimeInfo info = zone.At(local);
  return absl::ToUnixMicros(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

std::int64_t DateIn(const absl::TimeZone& zone, Micros at) {
  return absl::ToCivilDay(absl::FromUnixMicros(at), zone) - absl::CivilDay(1970, 1, 1);
}

std::string FormatDate(std::int64_t days) { return absl::FormatCivilTime(DayOf(days)); }

std::string FormatTime(Micros at, const absl::TimeZone& zone) {
  const bool whole_minutes = at % (60 * ir::kMicrosPerSecond) == 0;
  return absl::FormatTime(whole_minutes ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", absl::FromUnixMicros(at), zone);
}

Calendar::Calendar(const ir::Calendar& calendar) : calendar_(calendar), zone_(ZoneOf(calendar)) {}

Micros Calendar::StartOf(std::int64_t days) const { return MomentOf(DayOf(days), 0); }

bool Calendar::IsBusinessDay(absl::CivilDay day) const {
  const auto weekday = static_cast<int>(absl::GetWeekday(day));  // 0: Monday
  if (((calendar_.business_days >> weekday) & 1) == 0) return false;
  const auto days = static_cast<std::int32_t>(day - absl::CivilDay(1970, 1, 1));
  return !std::binary_search(calendar_.holidays.begin(), calendar_.holidays.end(), days);
}

Micros Calendar::AddBusinessTime(Micros from, std::int64_t micros) const {
  const Micros all_time = from + micros;
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(from), zone_);
  for (std::int32_t searched = 0; searched < kDaysSearchedMax; ++searched, ++day) {
    if (!IsBusinessDay(day)) continue;
    const Micros opens = std::max(from, MomentOf(day, calendar_.business_from_minute));
    const Micros closes = MomentOf(day, calendar_.business_to_minute);
    if (opens >= closes) continue;
    if (micros <= closes - opens) return opens + micros;
    micros -= closes - opens;
  }
  return all_time;
}

}  // namespace stagecraft::runtime
