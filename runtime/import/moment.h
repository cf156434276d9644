// Dates and times as CRM exports and spreadsheets write them.
#ifndef STAGECRAFT_RUNTIME_IMPORT_MOMENT_H_
#define STAGECRAFT_RUNTIME_IMPORT_MOMENT_H_

#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

// How a date such as 03-04-2026 is to be read. A date that begins with a four-digit year is always year, month, day.
enum class DateOrder : std::uint8_t {
  kMonthDayYear,  // HubSpot's: `3/15/2024 2:30 PM`
  kDayMonthYear,
};

// From a pattern as people write it: `DD-MM-YYYY`, `M/D/YYYY`, `YYYY-MM-DD`; nothing when it is none.
std::optional<DateOrder> ParseDateOrder(std::string_view pattern);

struct Moment {
  Micros at = 0;
  bool has_time = false;  // false: a date alone; `at` is its beginning in the reader's zone
  std::int32_t year = 0, month = 0, day = 0;
};

class MomentReader {
 public:
  MomentReader() = default;
  // `zone`: for times without an offset of their own.
  MomentReader(DateOrder order, absl::TimeZone zone) : order_(order), zone_(zone) {}

  // `2024-03-12`, `2024-03-12 09:14[:30[.5]]`, `2024-03-12T09:14:00Z`, `…+09:00`, `3/15/2024 2:30 PM`, and milliseconds
  // since 1970 (11 digits and more). Separators of the date: `-`, `/`, `.`. Nothing when `text` is none of these.
  std::optional<Moment> Read(std::string_view text) const;

 private:
  DateOrder order_ = DateOrder::kMonthDayYear;
  absl::TimeZone zone_ = absl::UTCTimeZone();
};

// "2024-03-12".
std::string FormatDate(const Moment& moment);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_MOMENT_H_
