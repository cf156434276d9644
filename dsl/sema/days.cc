#include "dsl/sema/days.h"

#include <string>
#include <vector>

#include "dsl/sema/names.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

constexpr std::int64_t kNumberScale = 1'000'000;
constexpr std::uint8_t kEveryDay = 0x7F;
constexpr std::uint8_t kWeekdays = 0x1F;
constexpr std::uint8_t kWeekend = 0x60;
constexpr std::int64_t kDaysOfMonth = 31;

std::optional<int> FindDay(std::string_view folded) {
  static const std::vector<std::string> kShort = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  static const std::vector<std::string> kLong = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  for (std::size_t i = 0; i < kShort.size(); ++i) {
    if (folded == kShort[i] || folded == kLong[i]) return static_cast<int>(i);
  }
  return std::nullopt;
}

// False when an error was reported.
bool AddDays(const syntax::Phrase& name, Recurrence& recurrence, Reporter& reporter) {
  const std::string folded = Folded(TermsOf(name));
  if (folded == "day") {
    recurrence.days = kEveryDay;
  } else if (folded == "weekday") {
    recurrence.days |= kWeekdays;
  } else if (folded == "weekend") {
    recurrence.days |= kWeekend;
  } else if (folded == "business day") {
    recurrence.business_days = true;
  } else if (const auto day = FindDay(folded); day.has_value()) {
    recurrence.days = static_cast<std::uint8_t>(recurrence.days | (1U << *day));
  } else {
    const std::string written = Written(TermsOf(name));
    Diagnostic* diagnostic =
        reporter.ReportUnknown(Code::kUnknownName, name.span, written, "there is no day " + Tick(written), "not a day", DayNames());
    if (diagnostic != nullptr) {
      diagnostic->help.emplace_back("such as `Monday`, `Monday, Thursday`, `day`, `weekday`, `business day` or `month on 1`");
    }
    return false;
  }
  return true;
}

}  // namespace

const std::vector<std::string>& DayNames() {
  static const std::vector<std::string> kNames = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday",      "Saturday",
                                                  "Sunday", "day",     "weekday",   "weekend",  "business day"};
  return kNames;
}

std::optional<int> ReadDay(const syntax::Term& term, Reporter& reporter) {
  if (const auto day = FindDay(FoldCase(term.text)); day.has_value()) return day;
  Diagnostic* diagnostic =
      reporter.ReportUnknown(Code::kUnknownName, term.span, term.text, "there is no day of the week " + Tick(term.text), "not a day",
                             std::vector<std::string>{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"});
  if (diagnostic != nullptr) diagnostic->help.emplace_back("the days are Mon, Tue, Wed, Thu, Fri, Sat, Sun");
  return std::nullopt;
}

std::int32_t MinuteOf(const syntax::Term& clock) { return static_cast<std::int32_t>(clock.number / kNumberScale); }

std::optional<Recurrence> ReadRecurrence(const syntax::Days& days, const std::optional<syntax::Term>& at, Reporter& reporter) {
  Recurrence recurrence;
  recurrence.days = 0;
  if (at.has_value()) recurrence.minute = MinuteOf(*at);
  if (days.day_of_month.has_value()) {
    const std::int64_t day = days.day_of_month->number / kNumberScale;
    if (day < 1 || day > kDaysOfMonth || days.day_of_month->number % kNumberScale != 0) {
      reporter.Report(Code::kOutOfRange, days.day_of_month->span, "a month has no day " + Tick(days.day_of_month->text), "expected 1 to 31")
          .help.emplace_back("in a shorter month, 31 is its last day");
      return std::nullopt;
    }
    recurrence.days = kEveryDay;
    recurrence.day_of_month = static_cast<std::int32_t>(day);
    return recurrence;
  }
  bool good = true;
  for (const syntax::Phrase& name : days.names) good = AddDays(name, recurrence, reporter) && good;
  if (!good) return std::nullopt;
  return recurrence;
}

}  // namespace stagecraft::sema
