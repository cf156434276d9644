// Days of the week, and what comes again and again: `Monday at 09:00`, `month on 1`.
#ifndef STAGECRAFT_DSL_SEMA_DAYS_H_
#define STAGECRAFT_DSL_SEMA_DAYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/checked.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// What may stand after `every`, but for `month`.
const std::vector<std::string>& DayNames();

// 0 Monday … 6 Sunday; nothing when an error was reported.
std::optional<int> ReadDay(const syntax::Term& term, Reporter& reporter);

// The minute of the day that a clock term names.
std::int32_t MinuteOf(const syntax::Term& clock);

// `at`: absent for the beginning of the day. Nothing when an error was reported.
std::optional<Recurrence> ReadRecurrence(const syntax::Days& days, const std::optional<syntax::Term>& at, Reporter& reporter);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_DAYS_H_
