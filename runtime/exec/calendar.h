// The workspace's calendar: its time zone, business hours and holidays (ir::Calendar), as arithmetic on moments.
//
// Daylight saving: a local time that the clocks jump over means the moment of the jump; one that they pass twice means the
// first of the two.
#ifndef STAGECRAFT_RUNTIME_EXEC_CALENDAR_H_
#define STAGECRAFT_RUNTIME_EXEC_CALENDAR_H_

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <cstdint>
#include <limits>
#include <string>

#include "dsl/ir/program.h"
#include "runtime/model/event.h"

namespace stagecraft::runtime {

// The zone that the calendar names; UTC when there is no such zone.
absl::TimeZone ZoneOf(const ir::Calendar& calendar);

// The moment of a local time in `zone`, by the rule above.
Micros MomentIn(const absl::TimeZone& zone, absl::CivilSecond local);
// The date of a moment in `zone`, in days since 1970-01-01.
std::int64_t DateIn(const absl::TimeZone& zone, Micros at);

// `2026-12-29`. `days` since 1970-01-01.
std::string FormatDate(std::int64_t days);
// `2026-12-29 09:00`, with seconds where there are any, in `zone`.
std::string FormatTime(Micros at, const absl::TimeZone& zone);

class Calendar {
 public:
  explicit Calendar(const ir::Calendar& calendar);

  const absl::TimeZone& zone() const { return zone_; }

  // The date of a moment, in days since 1970-01-01.
  std::int64_t DateOf(Micros at) const { return DateIn(zone_, at); }
  // The moment at which a date begins.
  Micros StartOf(std::int64_t days) const;

  // The last moment there is: where business time would end after it, or never, it ends there.
  static constexpr Micros kLastMoment = 253'402'300'799'000'000;  // 9999-12-31 23:59:59 UTC
  // The first one.
  static constexpr Micros kFirstMoment = -62'135'596'800'000'000;  // 0001-01-01 00:00:00 UTC

  // The moment at which `micros` of business time have passed since `from`: time outside business hours does not count, and
  // what ends exactly with a business day ends there, not on the next one.
  Micros AddBusinessTime(Micros from, std::int64_t micros) const;
  // The same backwards: the latest moment from which `micros` of business time pass until `until`.
  Micros SubtractBusinessTime(Micros until, std::int64_t micros) const;

  // The moment `duration` after `from`. Months keep the local day and time; a day that the month does not have is its last one.
  Micros Add(Micros from, const ir::Duration& duration) const;
  Micros Subtract(Micros from, const ir::Duration& duration) const;
  // The same in the calendar's days: what is a whole number of plain days keeps the local time too, whatever the clocks do meanwhile.
  Micros ShiftDays(Micros from, const ir::Duration& duration, bool back) const;
  // The moment `duration` after a date (`back`: before it), from its midnight. Whole business days are counted as days, and end when
  // business opens.
  Micros ShiftFrom(std::int64_t days, const ir::Duration& duration, bool back) const;
  // A date moved by `duration`; what is no whole day is cut off. Business days are counted as days: one after a Friday is the Monday.
  std::int64_t ShiftDate(std::int64_t days, const ir::Duration& duration, bool back) const;

  // The same day at `minute`.
  Micros AtMinute(Micros at, std::int32_t minute) const;

  // The first moment after `after` that recurs; kNever when there is none within ten years.
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();
  Micros Next(const ir::Recurrence& recurrence, Micros after) const;

 private:
  bool Recurs(const ir::Recurrence& recurrence, absl::CivilDay day) const;
  Micros MomentOf(absl::CivilDay day, std::int32_t minute) const {
    return MomentIn(zone_, absl::CivilSecond(absl::CivilMinute(day) + minute));
  }
  bool IsWorkday(absl::CivilDay day) const;      // of the week
  bool IsBusinessDay(absl::CivilDay day) const;  // and no holiday
  std::int64_t BusinessMicrosPerDay() const;
  bool HasBusiness() const { return calendar_.business_days != 0 && BusinessMicrosPerDay() > 0; }
  // When the business hours of a business day begin and end.
  struct Hours {
    Micros opens = 0;
    Micros closes = 0;
  };
  Hours HoursOf(absl::CivilDay day) const;
  // Passes whole weeks behind `day` (`sign` 1) or before it (-1) that take less than `micros` of business time, up to the next change of
  // the clocks: `day` becomes the last one that has been passed, `micros` what is left.
  void SkipWeeks(int sign, absl::CivilDay& day, std::int64_t& micros) const;

  ir::Calendar calendar_;
  absl::TimeZone zone_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_CALENDAR_H_
