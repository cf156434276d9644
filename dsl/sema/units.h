// Units of time. `second`, `minute`, `hour`, `day`, `week`, each also in the plural; a day here is 24 hours.
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

// `duration` in microseconds of elapsed time; business time is refused. Nothing when an error was reported.
std::optional<std::int64_t> ElapsedMicros(const syntax::Duration& duration, Reporter& reporter);
// As ElapsedMicros, but business time is fine: a business day is as long as the business hours of `calendar`.
std::optional<Duration> AnyDuration(const syntax::Duration& duration, const Calendar& calendar, Reporter& reporter);

// "2026-12-29" as days since 1970-01-01; nothing when there is no such day.
std::optional<std::int32_t> ParseDate(std::string_view text);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_UNITS_H_
