// Units of time: `second`, `minute`, `hour`, `day`, `week`, `month`, `quarter`, `year`, each also in the plural. A day is 24 hours; months,
// quarters and years go by the calendar and have no fixed length.
#ifndef STAGECRAFT_DSL_SEMA_UNITS_H_
#define STAGECRAFT_DSL_SEMA_UNITS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "dsl/sema/checked.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// Longest duration that a script may ask for: 100 years. Beyond it sums of moments could leave the range of 64 bits.
inline constexpr std::int64_t kDurationMaxSeconds = 100LL * 366 * 86'400;
inline constexpr std::int32_t kDurationMaxMonths = 100 * 12;

// `duration` in microseconds, for what must have a fixed length (windows, halving): business time, months and years are refused.
// Nothing when an error was reported.
std::optional<std::int64_t> FixedMicros(const syntax::Duration& duration, Reporter& reporter);
// A wait, a delay, a term: business time, months and years are fine. A business day is as long as the business hours of `calendar`.
std::optional<Duration> AnyDuration(const syntax::Duration& duration, const Calendar& calendar, Reporter& reporter);
// True where it is a whole number of days, so that a date can be moved by it.
bool IsWholeDays(const syntax::Duration& duration);

// "2026-12-29" as days since 1970-01-01; nothing when there is no such day.
std::optional<std::int32_t> ParseDate(std::string_view text);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_UNITS_H_
