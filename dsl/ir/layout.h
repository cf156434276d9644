// The stable numbering of everything that stored state refers to. A layout only grows: a name that once had a
// number keeps it, also while no script declares it, so contact state and journal never have to be rewritten when
// scripts change. Each revision is compiled against the layout of the one before it, and stored with its own.
#ifndef STAGECRAFT_DSL_IR_LAYOUT_H_
#define STAGECRAFT_DSL_IR_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stagecraft::ir {

// Names to dense numbers, in the order of first mention. Keys are exact: the caller folds case where names ignore it.
class Registry {
 public:
  // The number of `name`, given now when it is new.
  std::uint32_t Intern(std::string_view name);
  std::optional<std::uint32_t> Find(std::string_view name) const;
  const std::string& Name(std::uint32_t number) const { return names_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

// A rule as an earlier revision had it, which a program keeps for the runs that began with it.
struct RetiredRule {
  std::uint32_t rule = 0;      // its own number
  std::uint32_t family = 0;    // the number of the rule that it was
  std::uint32_t revision = 0;  // whose scripts have it
  std::string file;            // among those scripts
  std::uint32_t place = 0;     // among the rules and sequences of the file

  friend bool operator==(const RetiredRule&, const RetiredRule&) = default;
};

// One that no longer fits the scripts, or does what its rule does today.
struct LostRule {
  std::uint32_t family = 0;
  std::uint32_t revision = 0;
  std::string why;  // as a finding would say it; empty: it fits, and does what the rule does today
};

// What each number counts is said at the field of Program that is indexed by it.
struct Layout {
  Registry properties;                               // key "<folded name>:<type>", so that a change of type is another slot
  std::vector<Registry> options;                     // by property slot; keys are internal names ("NEW")
  Registry events;                                   // key: folded name ("meeting ends")
  std::vector<Registry> fields;                      // by event; key "<folded name>:<type>"
  std::vector<std::vector<Registry>> field_options;  // by event, by field
  Registry trackers;                                 // key: the canonical text of what is tracked
  Registry rules;     // key: `rule "<name>"`, or `<text of the trigger> #<place among equals>` (language.md E7); RetiredKey
  Registry teams;     // key: name
  Registry scores;    // key: name; "score" is the default score
  Registry lists;     // key: name
  Registry promises;  // key: its text, single spaces; `moves of <property>`
  // Those that this very revision keeps; the one thing in a layout that does not only grow.
  std::vector<RetiredRule> retired;
};

// The key, in Layout::rules, of the rule with the key `family` as the scripts of `revision` have it.
std::string RetiredKey(std::string_view family, std::uint32_t revision);

// A compact, versioned text form (JSON), stored with each revision.
std::string EncodeLayout(const Layout& layout);
// Nothing when `text` is not a layout.
std::optional<Layout> DecodeLayout(std::string_view text);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_LAYOUT_H_
