// Values that a test gives: written down, so they are known when the script is checked.
#ifndef STAGECRAFT_DSL_SEMA_TEST_VALUES_H_
#define STAGECRAFT_DSL_SEMA_TEST_VALUES_H_

#include <optional>
#include <string>
#include <string_view>

#include "dsl/sema/names.h"
#include "dsl/sema/test_checked.h"

namespace stagecraft::sema {

// Something that has a value: a property or a field of an event.
struct Holder {
  std::string_view name;
  Type type = Type::kText;
  const OptionSet* options = nullptr;  // kOption
};

// The value that `terms` give to `holder`, as an event brings it. No terms: `yes` for a yes or no. Nothing when an error was reported;
// `place` is blamed where there is no term.
std::optional<std::string> ReadTestValue(const Holder& holder, Terms terms, Span place, Names& names);

// A whole number from 1 to `max`; nothing when an error was reported.
std::optional<std::uint32_t> ReadTimes(const syntax::Term& term, std::uint32_t max, Reporter& reporter);

// A date and, if it is there, a time of day; 09:00 otherwise. Nothing when an error was reported.
std::optional<TestMoment> ReadMoment(const syntax::Term& date, const std::optional<syntax::Term>& time, Reporter& reporter);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TEST_VALUES_H_
