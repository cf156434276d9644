// A script as the reference interpreter reads it: the checked program, and nothing of what the engine makes of it.
#ifndef STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_
#define STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/sema/checked.h"
#include "runtime/exec/calendar.h"

namespace stagecraft::reference {

using Micros = std::int64_t;
using sema::Symbol;

constexpr std::int64_t kScale = 1'000'000;  // of numbers

// The script says something that the reference does not know.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Value {
  bool set = false;
  std::int64_t number = 0;  // as sema::Type says
  std::string text;         // texts and users

  friend bool operator==(const Value&, const Value&) = default;
};
Value NumberValue(std::int64_t number);
// Empty text is no value.
Value TextValue(std::string text);

class Script {
 public:
  explicit Script(sema::CheckedScript checked);
  // Nothing: it has errors.
  static std::optional<Script> Read(std::vector<std::pair<std::string, std::string>> files);

  const sema::CheckedScript& checked() const { return checked_; }
  const sema::Vocabulary& vocabulary() const { return checked_.vocabulary; }
  const runtime::Calendar& calendar() const { return calendar_; }
  const sema::Rule& rule(std::size_t number) const { return checked_.rules[number]; }
  std::size_t rules() const { return checked_.rules.size(); }
  const std::string& RuleName(std::size_t number) const;
  // "on email sent, call": any event of `family`.
  bool IsOfFamily(Symbol event, std::string_view family) const;
  bool IsEvent(Symbol event, std::string_view name) const;

  // What the hash goes by that chooses the way at a split: the key of its rule and its place there, which lowering gives. The hash itself
  // is shared with the engine; nothing else of that is.
  struct SplitPlace {
    std::string rule;
    std::uint32_t number = 0;
  };
  void SetPlace(const sema::Split* split, SplitPlace place) { places_[split] = std::move(place); }
  // The part of the split that is the contact's.
  const sema::Block& Choose(const sema::Split& split, const std::string& contact) const;

  // As people read it.
  std::string Show(sema::Type type, const sema::OptionSet* options, const Value& value) const;
  std::string ShowTime(Micros at) const;
  // As other programs read it.
  std::string ShowForPrograms(sema::Type type, const sema::OptionSet* options, const Value& value) const;

 private:
  sema::CheckedScript checked_;
  runtime::Calendar calendar_;
  std::map<const sema::Split*, SplitPlace> places_;
};

ir::Duration ToIr(const sema::Duration& duration);
ir::Recurrence ToIr(const sema::Recurrence& recurrence);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_
