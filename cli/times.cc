#include "cli/times.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include "cli/terminal.h"
#include "runtime/import/moment.h"

namespace stagecraft::cli {

bool ReadTime(const std::string& option, const std::string& text, google::protobuf::Timestamp& out) {
  const auto moment = runtime::MomentReader(runtime::DateOrder::kMonthDayYear, absl::LocalTimeZone()).Read(text);
  if (!moment) {
    PrintError(fmt::format("`{} {}` is no time; expected one such as `2026-10-12` or `2026-10-12T09:00:00Z`", option, text));
    return false;
  }
  // Whole seconds, rounded down; what is left of them is never negative.
  constexpr std::int64_t kMicros = 1'000'000;
  const std::int64_t rest = ((moment->at % kMicros) + kMicros) % kMicros;
  out.set_seconds((moment->at - rest) / kMicros);
  out.set_nanos(static_cast<std::int32_t>(rest * 1000));
  return true;
}

}  // namespace stagecraft::cli
