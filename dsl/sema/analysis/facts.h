// What the analyses know of each rule: what it writes and when, what it reads, and what must hold for it to fire.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_FACTS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/analysis/guards.h"
#include "dsl/sema/checked.h"

namespace stagecraft::sema {

// A rule that writes a property: an action, and what is known when it is applied.
struct Write {
  enum class Kind : std::uint8_t {
    kConstant,  // `constant`
    kText,      // `text`
    kClear,
    kRotation,  // a member of `team`
    kComputed,  // anything
  };
  std::uint32_t rule = 0;
  Symbol property = 0;
  Kind kind = Kind::kComputed;
  std::int64_t constant = 0;
  std::string text;
  Symbol team = 0;
  const SetValue* set = nullptr;  // nullptr: clear, assign
  bool first = true;              // no wait stands before it: it happens in the round in which the rule fires, under trigger and guard
  bool same_record = true;  // only waits that may be over at once stand before it: it may happen in the record in which the rule fires
  bool in_split = false;
  std::uint32_t part = 0;              // of a split: which one, of all in the script
  std::vector<Goal> path;              // the branches it stands in, as read at the time of the write
  std::optional<std::size_t> earlier;  // the last write of the same property in this rule that may stand before it
  bool earlier_sure = false;           // that one has surely been applied
  Span span;                           // of the value, or of the action
};

// What a condition or a value is made of, definitions and lists taken apart. Ascending, each once.
struct Reads {
  std::vector<Symbol> properties;
  std::vector<Symbol> since;  // properties whose entry, or whose date, events are counted from
  std::vector<Symbol> events;
  std::vector<Symbol> derived;

  void Add(const Reads& other);
  void Finish();
};

struct RuleFacts {
  const Rule* rule = nullptr;
  std::vector<Write> writes;          // in the order of the script
  std::vector<Write> deals;           // what the engine sets because the rule makes or moves a deal
  std::vector<std::uint32_t> enrols;  // sequences that it may start in the record in which it fires
  Reads trigger;                      // what the trigger reads
  bool waits = false;                 // somewhere
  bool once_in_record = false;        // it fires once in a record at most: it says so, or its run waits for what another record brings
};

// From one state to the next. Without changes: any moment at which the trigger's condition holds.
struct Step {
  const Changes* before = nullptr;
  const Changes* after = nullptr;
};

class Facts {
 public:
  explicit Facts(const CheckedScript& script);

  const CheckedScript& script() const { return script_; }
  const Vocabulary& vocabulary() const { return script_.vocabulary; }
  const Guards& guards() const { return guards_; }
  const std::vector<RuleFacts>& rules() const { return rules_; }

  void Collect(const Condition& condition, Reads& reads) const;
  void Collect(const EventMatches& events, Reads& reads) const;
  // True when the condition reads the property, through definitions and lists as well.
  bool Mentions(const Condition& condition, Symbol property) const;
  // True when something is known of the property when the write is applied: by trigger, guard or branches.
  bool SaysSomething(const Write& write) const;
  // True when definitions read each other on such a scale that what they read was not collected: nothing can be told then.
  bool too_large() const { return too_large_; }

  // What may have changed when the properties, ascending, have: scores that read them, and counters since them.
  Changes ChangesOf(std::vector<Symbol> properties) const;
  // The same for a change of one property, or one event, as the cause of what follows. What is counted since the property begins anew with
  // it, at nothing: that it is reached by the change is not a case worth telling.
  Changes CauseOf(std::vector<Symbol> properties) const;
  Changes CauseOfEvent(Symbol event) const;

  // What holds when the rule begins, `until` included: adds it to `query`. Where the step is known, also what did not hold before it.
  // `match`: of an event trigger, by which of its events. False when the rule does not fire in this way.
  bool AddFiring(const Rule& rule, std::size_t match, const Step& step, Query& query) const;
  // As AddFiring, of the trigger alone.
  bool AddTrigger(const Trigger& trigger, std::size_t match, const Step& step, Query& query) const;

  // A condition of the analysis' own; lives as long as this.
  const Condition& Keep(Condition condition) const;
  Condition InList(std::uint32_t list) const;

 private:
  struct Walk;

  void WalkRule(std::uint32_t index);
  void WalkBlock(const Block& block, Walk& walk);
  void WalkIf(const If& node, Walk& walk);
  void WalkSplit(const Split& node, Walk& walk);
  void AddWrite(Write write, const Walk& walk);
  void AddDeal(Span span, const Walk& walk);
  void CollectDerived();
  IntervalSet DeltaOf(Symbol derived, const Changes& changes) const;
  void CollectTrigger(const Trigger& trigger, Reads& reads) const;
  // Changes of these properties, and of nothing else yet.
  Changes Named(std::vector<Symbol> properties) const;

  const CheckedScript& script_;
  Guards guards_;
  std::vector<Reads> derived_reads_;
  std::vector<std::vector<Symbol>> readers_;        // by property: derived symbols that read it, ascending
  std::vector<std::vector<Symbol>> since_readers_;  // by property: those that count since it
  std::vector<Symbol> name_;                        // the properties that `name` is made of, ascending
  std::vector<Symbol> kept_properties_;             // by the engine, of the deals
  bool too_large_ = false;
  std::uint32_t parts_ = 0;  // of splits, so far
  std::vector<RuleFacts> rules_;
  mutable std::deque<Condition> kept_;
};

bool IsAmong(const std::vector<Symbol>& ascending, Symbol symbol);
bool Meet(const std::vector<Symbol>& left, const std::vector<Symbol>& right);
// True where the branches of `front` lead to those of `whole`.
bool IsPrefix(const std::vector<Goal>& front, const std::vector<Goal>& whole);

// The number of ways in which the trigger can fire: its events, or one.
std::size_t MatchesOf(const Trigger& trigger);
// True where the rule acts in the very round in which its trigger comes true.
bool ActsAtOnce(const Rule& rule);
// A team without members gets nobody, so nothing is set.
bool SetsNothing(const Facts& facts, const Write& write);
// True where a timer sets the rule off, and nothing else happens in that record before.
bool IsTimed(const Trigger& trigger);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_FACTS_H_
