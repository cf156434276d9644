#include "dsl/sema/workspace.h"

#include <algorithm>
#include <array>
#include <optional>

#include "dsl/sema/days.h"
#include "dsl/sema/units.h"
#include "dsl/std/standard.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

// A longer holiday is a slip of the pen.
constexpr std::int32_t kHolidayDaysMax = 366;

void ReadBusinessHours(const syntax::BusinessHours& hours, Calendar& calendar, Reporter& reporter) {
  const std::optional<int> first = ReadDay(hours.first_day, reporter);
  const std::optional<int> last = ReadDay(hours.last_day, reporter);
  if (hours.from_minute >= hours.to_minute) {
    const bool empty = hours.from_minute == hours.to_minute;
    reporter.Report(Code::kEmptyRange, hours.span,
                    empty ? "the business hours end when they begin" : "the business hours end before they begin",
                    "the earlier time comes first");
  } else {
    calendar.business_from_minute = hours.from_minute;
    calendar.business_to_minute = hours.to_minute;
  }
  if (!first.has_value() || !last.has_value()) return;
  calendar.business_days = 0;
  // Sun-Thu goes over the end of the week.
  for (int day = *first;; day = (day + 1) % 7) {
    calendar.business_days = static_cast<std::uint8_t>(calendar.business_days | (1U << day));
    if (day == *last) break;
  }
}

void ReadHoliday(const syntax::Holiday& holiday, Calendar& calendar, Reporter& reporter) {
  const std::optional<std::int32_t> first = ParseDate(holiday.first.text);
  const std::optional<std::int32_t> last = ParseDate(holiday.last.text);
  // A day that does not exist was reported by the parser.
  if (!first.has_value() || !last.has_value()) return;
  const Span span{holiday.first.span.source, holiday.first.span.begin, holiday.last.span.end};
  if (*first > *last) {
    reporter.Report(Code::kEmptyRange, span, "the holiday ends before it begins", "the earlier day comes first");
    return;
  }
  if (*last - *first >= kHolidayDaysMax) {
    reporter.Report(Code::kOutOfRange, span, "a holiday may last a year at most", "longer than a year");
    return;
  }
  for (std::int32_t day = *first; day <= *last; ++day) calendar.holidays.push_back(day);
}

}  // namespace

Calendar ReadCalendar(const syntax::WorkspaceDecl& decl, Reporter& reporter) {
  Calendar calendar;
  if (decl.time_zone.has_value()) {
    const std::string folded = FoldCase(decl.time_zone->text);
    const std::vector<std::string>& zones = standard::TimeZones();
    const auto zone = std::find_if(zones.begin(), zones.end(), [&](const std::string& name) { return FoldCase(name) == folded; });
    if (zone != zones.end()) {
      calendar.time_zone = *zone;
    } else {
      Diagnostic* diagnostic =
          reporter.ReportUnknown(Code::kUnknownName, decl.time_zone->span, decl.time_zone->text,
                                 "there is no time zone \"" + decl.time_zone->text + "\"", "not a time zone", zones, '"');
      if (diagnostic != nullptr) diagnostic->help.emplace_back("zones have names such as \"Europe/Berlin\" or \"Asia/Tokyo\"");
    }
  }
  if (decl.business_hours.has_value()) ReadBusinessHours(*decl.business_hours, calendar, reporter);
  for (const syntax::Holiday& holiday : decl.holidays) ReadHoliday(holiday, calendar, reporter);
  std::sort(calendar.holidays.begin(), calendar.holidays.end());
  calendar.holidays.erase(std::unique(calendar.holidays.begin(), calendar.holidays.end()), calendar.holidays.end());
  return calendar;
}

}  // namespace stagecraft::sema
