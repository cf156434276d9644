#include "runtime/exec/calendar.h"

#include <algorithm>

namespace stagecraft::runtime {
namespace {

constexpr std::int32_t kDaysSearchedMax = 3653;  // ten years

// The day `months` later, or the last one of a month that is shorter.
absl::CivilDay AddMonths(absl::CivilDay day, std::int64_t months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return std::min(absl::CivilDay(month) + (day.day() - 1), absl::CivilDay(month + 1) - 1);
}

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

Micros Calendar::SubtractBusinessTime(Micros until, std::int64_t micros) const {
  const Micros all_time = until - micros;
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(until), zone_);
  for (std::int32_t searched = 0; searched < kDaysSearchedMax; ++searched, --day) {
    if (!IsBusinessDay(day)) continue;
    const Micros opens = MomentOf(day, calendar_.business_from_minute);
    const Micros closes = std::min(until, MomentOf(day, calendar_.business_to_minute));
    if (opens >= closes) continue;
    if (micros <= closes - opens) return closes - micros;
    micros -= closes - opens;
  }
  return all_time;
}

Micros Calendar::Add(Micros from, const ir::Duration& duration) const {
  if (duration.business) return AddBusinessTime(from, duration.micros);
  if (duration.months == 0) return from + duration.micros;
  return ShiftDays(from, duration, false);
}

Micros Calendar::Subtract(Micros from, const ir::Duration& duration) const {
  if (duration.business) return SubtractBusinessTime(from, duration.micros);
  if (duration.months == 0) return from - duration.micros;
  return ShiftDays(from, duration, true);
}

Micros Calendar::ShiftDays(Micros from, const ir::Duration& duration, bool back) const {
  const bool whole_days = duration.micros % ir::kMicrosPerDay == 0;
  if (duration.business || !whole_days) return back ? Subtract(from, duration) : Add(from, duration);
  const std::int64_t sign = back ? -1 : 1;
  const absl::TimeZone::CivilInfo local = zone_.At(absl::FromUnixMicros(from));
  const absl::CivilSecond second = local.cs;
  const absl::CivilDay day = AddMonths(absl::CivilDay(second), sign * duration.months) + sign * (duration.micros / ir::kMicrosPerDay);
  const absl::CivilSecond moved(day.year(), day.month(), day.day(), second.hour(), second.minute(), second.second());
  return MomentIn(zone_, moved) + absl::ToInt64Microseconds(local.subsecond);
}

std::int64_t Calendar::ShiftDate(std::int64_t days, const ir::Duration& duration, bool back) const {
  return DateOf(ShiftDays(StartOf(days), duration, back));
}

Micros Calendar::AtMinute(Micros at, std::int32_t minute) const { return MomentOf(DayOf(DateOf(at)), minute); }

bool Calendar::Recurs(const ir::Recurrence& recurrence, absl::CivilDay day) const {
  if (recurrence.business_days && !IsBusinessDay(day)) return false;
  if (recurrence.day_of_month != 0) {
    const int last = (absl::CivilDay(absl::CivilMonth(day) + 1) - 1).day();
    return day.day() == std::min(recurrence.day_of_month, last);
  }
  return ((recurrence.days >> static_cast<int>(absl::GetWeekday(day))) & 1) != 0;
}

Micros Calendar::Next(const ir::Recurrence& recurrence, Micros after) const {
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(after), zone_);
  for (std::int32_t searched = 0; searched < kDaysSearchedMax; ++searched, ++day) {
    if (!Recurs(recurrence, day)) continue;
    if (const Micros at = MomentOf(day, recurrence.minute); at > after) return at;
  }
  return kNever;
}

}  // namespace stagecraft::runtime
