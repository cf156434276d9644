// Can these conditions hold together? An exact procedure over finite domains and intervals (language.md E3, E4; "Conditions are
// two-valued": a comparison with an unset value is false, and `not` of it is true).
//
// "No" is a proof. "Yes" comes with values that make the conditions true, where events that were seen, scores and entry dates are free
// variables of their own: the search does not ask which history leads to them. Nothing is guessed: beyond a bound of work the answer is
// "cannot tell".
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_GUARDS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_GUARDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/sema/analysis/domain.h"
#include "dsl/sema/checked.h"

namespace stagecraft::sema {

// What differs between the state before a moment and the state after it. Everything else is the same in both.
struct Changes {
  std::uint32_t version = 1;        // names the state after them; 0 is the one that everything is compared with
  std::optional<Symbol> event;      // happens
  std::vector<Symbol> properties;   // may have another value; ascending
  std::vector<Symbol> derived;      // scores and counters that may have; ascending
  std::vector<IntervalSet> deltas;  // by place in `derived`: by how much it can differ from version 0
  bool name = false;                // one of the properties is part of the contact's name
  const Changes* base = nullptr;    // earlier changes, on top of which these come

  // The version that a value has after the changes.
  std::uint32_t VersionOf(Reference::Space space, Symbol symbol) const;
  bool Touches(Reference::Space space, Symbol symbol) const;
};

struct Variable {
  enum class Kind : std::uint8_t {
    kValue,         // of a reference
    kAge,           // now less the moment of a reference, in microseconds
    kSeen,          // the age of the last event like these; unset: there was none
    kSeenSince,     // 1 or 0
    kSeenSinceRun,  // 1 or 0
    kMe,            // 1 or 0
  };
  Kind kind = Kind::kValue;
  Reference::Space space = Reference::Space::kProperty;
  std::uint32_t version = 0;  // Changes::version where the changes touch it
  Symbol symbol = 0;
  std::uint32_t option = 0;
  Symbol event = 0;
  std::uint32_t text = 0;  // kSeen, kSeenSince, kSeenSinceRun: which events

  friend bool operator==(const Variable&, const Variable&) = default;
};

// A value in a witness.
struct Binding {
  Variable variable;
  Type type = Type::kNumber;
  const Condition* source = nullptr;  // a condition that speaks of it
  bool needed = true;                 // false: it may be set or not
  bool unset = false;
  std::int64_t number = 0;
  std::string text;
  bool text_known = true;  // false: some text like this exists, perhaps; an empty text that is known stands for any
};

struct Goal {
  const Condition* condition = nullptr;
  bool holds = true;
  const Changes* after = nullptr;  // nullptr: before the changes, or there are none
};
// A variable that is known to be one of `values`, or unset. For texts: `text`, folded, in place of `values`.
struct Pin {
  Variable variable;
  IntervalSet values;
  std::optional<std::string> text;
  bool may_be_unset = false;
  bool may_be_set = true;
};

struct Query {
  std::vector<Goal> goals;
  std::vector<Pin> pins;
  // True: what no pin speaks of is unset, 0, or the nearest value to it, so that the answer is that of one contact.
  bool closed = false;
  // True: nothing has happened in this record before the first state, so that `was` asks for the value there.
  bool previous_is_first = false;
};

enum class Verdict : std::uint8_t { kNo, kYes, kCannotTell };

struct Answer {
  Verdict verdict = Verdict::kCannotTell;
  std::vector<Binding> witness;  // kYes: of what the conditions speak of
};

class Guards {
 public:
  explicit Guards(const CheckedScript& script);

  Answer Solve(const Query& query) const;
  // Each is a proof: false also means "cannot tell".
  bool Impossible(const Query& query) const { return Solve(query).verdict == Verdict::kNo; }
  bool Possible(const Query& query) const { return Solve(query).verdict == Verdict::kYes; }

  // The lowest and the highest that a score can be; the ends of the integers where it has no bound.
  const IntervalSet& RangeOf(Symbol derived) const { return ranges_[derived]; }
  const CheckedScript& script() const { return script_; }
  // True once a question was not answered for the sake of the bound on all of them.
  bool exhausted() const { return work_ > kWorkMax; }
  // How many questions were not answered for the sake of a bound.
  int unanswered() const { return unanswered_; }

  // The variable of a property's value.
  static Variable Of(Symbol property, std::uint32_t version = 0);

 private:
  // Some tenths of a second. A script of ten thousand rules asks for less than a tenth of it.
  static constexpr std::int64_t kWorkMax = 4'000'000;
  struct Search;

  std::uint32_t Intern(std::string text, const EventMatches& events) const;
  // False when nothing is left.
  bool AddPin(const Pin& pin, bool closed, Search& search) const;
  Domain Initial(const Variable& variable, bool closed) const;
  Domain InitialOf(Type type, const OptionSet* options) const;
  bool Covers(const EventMatches& wide, const EventMatches& narrow) const;

  const CheckedScript& script_;
  std::vector<IntervalSet> ranges_;  // by derived symbol
  mutable std::unordered_map<std::string, std::uint32_t> texts_;
  mutable std::vector<EventMatches> events_of_text_;
  mutable std::int64_t work_ = 0;
  mutable int unanswered_ = 0;
};

// The values a score can have, as far as its lines tell.
IntervalSet ScoreRange(const std::vector<Criterion>& criteria);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_GUARDS_H_
