// The values that a variable of a condition can still have: whole-number intervals (options, truths, numbers, dates: all are stored as
// integers), or texts.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_DOMAIN_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_DOMAIN_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/checked.h"

namespace stagecraft::sema {

// A set of integers: disjoint closed intervals, ascending.
class IntervalSet {
 public:
  static constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  struct Interval {
    std::int64_t low = 0;
    std::int64_t high = 0;
    friend bool operator==(const Interval&, const Interval&) = default;
  };

  IntervalSet() = default;  // empty
  static IntervalSet Between(std::int64_t low, std::int64_t high);
  static IntervalSet All() { return Between(kLowest, kHighest); }
  // `options` ascending.
  static IntervalSet Of(const std::vector<std::uint32_t>& options);
  // The numbers that stand in `relation` to `number`.
  static IntervalSet Of(Relation relation, std::int64_t number);

  bool empty() const { return intervals_.empty(); }
  const std::vector<Interval>& intervals() const { return intervals_; }
  bool Contains(std::int64_t value) const;
  bool Meets(const IntervalSet& other) const;
  void IntersectWith(const IntervalSet& other);
  IntervalSet Complement() const;
  // The one that is easiest to read: 0 or what is nearest to it. The set must not be empty.
  std::int64_t Nearest() const;

  friend bool operator==(const IntervalSet&, const IntervalSet&) = default;

 private:
  std::vector<Interval> intervals_;
};

// What is known of a text that is set. Texts are folded.
class TextSet {
 public:
  // A text that stands in `relation` to `text`, or does not. False when no text is left.
  bool Narrow(TextRelation relation, const std::string& text, bool holds);
  // One of `texts`, or none of them. False when no text is left.
  bool NarrowToAny(const std::vector<std::string>& texts, bool holds);

  // A text that is in the set; nothing where none is found (there may be one nevertheless).
  std::optional<std::string> Example() const;
  bool restricted() const { return only_.has_value() || !excluded_.empty() || !patterns_.empty(); }

 private:
  struct Pattern {
    TextRelation relation = TextRelation::kEqual;
    std::string text;
    bool holds = true;
  };
  bool Fits(const std::string& text) const;
  bool Consistent() const;

  std::optional<std::vector<std::string>> only_;
  std::vector<std::string> excluded_;
  std::vector<Pattern> patterns_;
};

// True or false of a concrete text; nothing for regular expressions, which nobody runs here.
std::optional<bool> TextHolds(TextRelation relation, const std::string& text, const std::string& pattern);

// Of one variable. Texts use `texts`, everything else `numbers`.
struct Domain {
  bool is_text = false;
  bool may_be_unset = true;
  bool may_be_set = true;
  IntervalSet numbers = IntervalSet::All();
  TextSet texts;

  bool empty() const { return !may_be_unset && !may_be_set; }
  // Both keep `may_be_set` up to date. False when nothing is left.
  bool NarrowTo(const IntervalSet& values, bool holds);
  bool Set(bool holds);
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_DOMAIN_H_
