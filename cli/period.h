// Lengths of time as they are written on the command line: `90d`, `12w`, `24mo`, `2y`.
#ifndef STAGECRAFT_CLI_PERIOD_H_
#define STAGECRAFT_CLI_PERIOD_H_

#include <absl/time/time.h>

#include <optional>
#include <string_view>

namespace stagecraft::cli {

// The moment so long before or after `from`, by the calendar of UTC; a day that a month does not have is its last. Nothing when `period` is
// no length of time.
std::optional<absl::Time> Earlier(absl::Time from, std::string_view period);
std::optional<absl::Time> Later(absl::Time from, std::string_view period);

// What to write instead.
inline constexpr char kPeriodAdvice[] = "write days, weeks, months or years: `90d`, `12w`, `24mo`, `2y`";

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_PERIOD_H_
