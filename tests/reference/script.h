// A script as the reference interpreter reads it: the checked program, and nothing of what the engine makes of it.
#ifndef STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_
#define STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// A rule of earlier scripts that still has runs.
struct OldRule {
  std::string text;            // as it stood in its script
  std::uint32_t revision = 0;  // the last that had it
};

// A wait, and what stands behind it: the last frame first.
struct Frame {
  const sema::Block* block = nullptr;
  std::size_t next = 0;
};
struct WaitingPlace {
  const sema::Wait* wait = nullptr;
  std::vector<Frame> rest;
};

class Script {
 public:
  // Nothing: it has errors. Old rules are read with the names of this script.
  static std::optional<Script> Read(std::vector<std::pair<std::string, std::string>> files, const std::vector<OldRule>& old_rules = {});

  const sema::CheckedScript& checked() const { return checked_; }
  const sema::Vocabulary& vocabulary() const { return checked_.vocabulary; }
  const runtime::Calendar& calendar() const { return calendar_; }
  // Those of the script in its order, then the old ones.
  const sema::Rule& rule(std::size_t number) const;
  std::size_t rules() const { return checked_.rules.size(); }
  std::size_t all_rules() const { return rules() + old_rules_.size(); }
  const std::string& RuleName(std::size_t number) const;
  // What a rule is known by from one script to the next.
  std::string KeyOf(std::size_t number) const;
  // The script's own rule of that key.
  std::optional<std::size_t> FindRule(const std::string& key) const;
  // As it stands in its script.
  const std::string& TextOf(std::size_t number) const { return texts_[number]; }
  const OldRule& old_rule(std::size_t number) const { return old_rules_[number - rules()]; }
  bool Fits(std::size_t number) const { return number < rules() || checked_.retired[number - rules()].problem.empty(); }
  // The rule, or the one of today whose runs an old rule's are, is disabled, or somebody has switched it off.
  bool IsDisabled(std::size_t number) const;
  // By key: what somebody has switched off.
  const std::set<std::string>& off() const { return off_; }
  void SetOff(std::set<std::string> off) { off_ = std::move(off); }
  // All waits of the rule, in the order in which they are written.
  std::vector<WaitingPlace> WaitsOf(std::size_t number) const;
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
  // The numbers of waits among the actions of their rules, which lowering gives as well: `migrate` goes by them.
  void SetNumber(const sema::Wait* wait, std::uint32_t number) { wait_numbers_[wait] = number; }
  std::uint32_t NumberOf(const sema::Wait* wait) const { return wait_numbers_.at(wait); }

  // As people read it.
  std::string Show(sema::Type type, const sema::OptionSet* options, const Value& value) const;
  std::string ShowTime(Micros at) const;
  // As other programs read it.
  std::string ShowForPrograms(sema::Type type, const sema::OptionSet* options, const Value& value) const;

 private:
  Script(sema::CheckedScript checked, std::vector<OldRule> old_rules, std::vector<std::string> texts);

  sema::CheckedScript checked_;
  runtime::Calendar calendar_;
  std::vector<OldRule> old_rules_;
  std::set<std::string> off_;
  std::vector<std::string> texts_;  // by rule
  std::map<const sema::Split*, SplitPlace> places_;
  std::map<const sema::Wait*, std::uint32_t> wait_numbers_;
};

ir::Duration ToIr(const sema::Duration& duration);
ir::Recurrence ToIr(const sema::Recurrence& recurrence);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_SCRIPT_H_
