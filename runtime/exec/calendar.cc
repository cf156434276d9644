#include "runtime/exec/calendar.h"

#include <algorithm>
#include <bit>

#include "runtime/exec/zones.h"

namespace stagecraft::runtime {
namespace {

constexpr std::int32_t kDaysSearchedMax = 3653;  // ten years, of what recurs
constexpr std::int64_t kWeeksWorthSkipping = 8;
constexpr std::int64_t kDaysPerWeek = 7;
constexpr absl::CivilDay kEpoch(1970, 1, 1);
constexpr absl::CivilDay kFirstDay(1, 1, 1);
constexpr absl::CivilDay kLastDay(9999, 12, 31);

// The day `months` later, or the last one of a month that is shorter.
absl::CivilDay AddMonths(absl::CivilDay day, std::int64_t months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return std::min(absl::CivilDay(month) + (day.day() - 1), absl::CivilDay(month + 1) - 1);
}

// `days`: bit 0 Monday … bit 6 Sunday.
bool HasDay(std::uint8_t days, absl::CivilDay day) { return ((days >> static_cast<int>(absl::GetWeekday(day))) & 1) != 0; }

absl::CivilDay DayOf(std::int64_t days) { return kEpoch + days; }

}  // namespace

absl::TimeZone ZoneOf(const ir::Calendar& calendar) { return ZoneNamed(calendar.time_zone); }

Micros MomentIn(const absl::TimeZone& zone, absl::CivilSecond local) {
  const absl::TimeZone::TimeInfo info = zone.At(local);
  return absl::ToUnixMicros(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

std::int64_t DateIn(const absl::TimeZone& zone, Micros at) { return absl::ToCivilDay(absl::FromUnixMicros(at), zone) - kEpoch; }

std::string FormatDate(std::int64_t days) {
  return absl::FormatTime("%E4Y-%m-%d", absl::FromCivil(DayOf(days), absl::UTCTimeZone()), absl::UTCTimeZone());
}

std::string FormatTime(Micros at, const absl::TimeZone& zone) {
  const bool whole_minutes = at % (60 * ir::kMicrosPerSecond) == 0;
  return absl::FormatTime(whole_minutes ? "%E4Y-%m-%d %H:%M" : "%E4Y-%m-%d %H:%M:%S", absl::FromUnixMicros(at), zone);
}

Calendar::Calendar(const ir::Calendar& calendar) : calendar_(calendar), zone_(ZoneOf(calendar)) {}

Micros Calendar::StartOf(std::int64_t days) const { return MomentOf(DayOf(days), 0); }

bool Calendar::IsWorkday(absl::CivilDay day) const { return HasDay(calendar_.business_days, day); }

bool Calendar::IsBusinessDay(absl::CivilDay day) const {
  if (!IsWorkday(day)) return false;
  const auto days = static_cast<std::int32_t>(day - kEpoch);
  return !std::binary_search(calendar_.holidays.begin(), calendar_.holidays.end(), days);
}

std::int64_t Calendar::BusinessMicrosPerDay() const {
  return (calendar_.business_to_minute - calendar_.business_from_minute) * 60 * ir::kMicrosPerSecond;
}

Calendar::Hours Calendar::HoursOf(absl::CivilDay day) const {
  return {MomentOf(day, calendar_.business_from_minute), MomentOf(day, calendar_.business_to_minute)};
}

void Calendar::SkipWeeks(int sign, absl::CivilDay& day, std::int64_t& micros) const {
  const std::int64_t per_week = BusinessMicrosPerDay() * std::popcount(calendar_.business_days);
  if (micros <= kWeeksWorthSkipping * per_week) return;
  std::int64_t weeks = (micros - 1) / per_week;
  weeks = std::min<std::int64_t>(weeks, (sign > 0 ? kLastDay - day : day - kFirstDay) / kDaysPerWeek);
  // A day on which the clocks change may be longer or shorter, and is left to be counted by itself.
  const absl::Time noon = absl::FromCivil(absl::CivilHour(day) + 12, zone_);
  absl::TimeZone::CivilTransition change;
  if (sign > 0 ? zone_.NextTransition(noon, &change) : zone_.PrevTransition(noon, &change)) {
    const absl::CivilDay changes_on(sign > 0 ? std::min(change.from, change.to) : std::max(change.from, change.to));
    weeks = std::min<std::int64_t>(weeks, (sign * (changes_on - day) - 1) / kDaysPerWeek);
  }
  if (weeks <= 0) return;
  const absl::CivilDay last = day + sign * kDaysPerWeek * weeks;
  const std::int64_t first = std::min(day, last) - (sign > 0 ? kEpoch - 1 : kEpoch);
  const std::int64_t end = first + kDaysPerWeek * weeks;
  const std::vector<std::int32_t>& holidays = calendar_.holidays;
  const auto off =
      std::count_if(std::lower_bound(holidays.begin(), holidays.end(), first), std::lower_bound(holidays.begin(), holidays.end(), end),
                    [this](std::int32_t holiday) { return IsWorkday(DayOf(holiday)); });
  micros -= weeks * per_week - off * BusinessMicrosPerDay();
  day = last;
}

Micros Calendar::AddBusinessTime(Micros from, std::int64_t micros) const {
  if (!HasBusiness()) return kLastMoment;
  for (absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(from), zone_); day <= kLastDay; ++day) {
    if (!IsBusinessDay(day)) continue;
    const Hours hours = HoursOf(day);
    const Micros opens = std::max(from, hours.opens);
    if (opens >= hours.closes) continue;
    if (micros <= hours.closes - opens) return opens + micros;
    micros -= hours.closes - opens;
    SkipWeeks(1, day, micros);
  }
  return kLastMoment;
}

Micros Calendar::SubtractBusinessTime(Micros until, std::int64_t micros) const {
  if (!HasBusiness()) return kFirstMoment;
  for (absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(until), zone_); day >= kFirstDay; --day) {
    if (!IsBusinessDay(day)) continue;
    const Hours hours = HoursOf(day);
    const Micros closes = std::min(until, hours.closes);
    if (hours.opens >= closes) continue;
    if (micros <= closes - hours.opens) return closes - micros;
    micros -= closes - hours.opens;
    SkipWeeks(-1, day, micros);
  }
  return kFirstMoment;
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

Micros Calendar::ShiftFrom(std::int64_t days, const ir::Duration& duration, bool back) const {
  const bool whole_days = duration.business && HasBusiness() && duration.micros % BusinessMicrosPerDay() == 0;
  if (!whole_days) return ShiftDays(StartOf(days), duration, back);
  return std::clamp(HoursOf(DayOf(ShiftDate(days, duration, back))).opens, kFirstMoment, kLastMoment);
}

std::int64_t Calendar::ShiftDate(std::int64_t days, const ir::Duration& duration, bool back) const {
  if (!duration.business || !HasBusiness()) return DateOf(ShiftDays(StartOf(days), duration, back));
  absl::CivilDay day = DayOf(days);
  for (std::int64_t left = duration.micros / BusinessMicrosPerDay(); left > 0 && day >= kFirstDay && day <= kLastDay;) {
    day += back ? -1 : 1;
    if (IsBusinessDay(day)) --left;
  }
  return day - kEpoch;
}

Micros Calendar::AtMinute(Micros at, std::int32_t minute) const { return MomentOf(DayOf(DateOf(at)), minute); }

bool Calendar::Recurs(const ir::Recurrence& recurrence, absl::CivilDay day) const {
  if (recurrence.day_of_month != 0) {
    const int last = (absl::CivilDay(absl::CivilMonth(day) + 1) - 1).day();
    return day.day() == std::min(recurrence.day_of_month, last);
  }
  return HasDay(recurrence.days, day) || (recurrence.business_days && IsBusinessDay(day));
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
