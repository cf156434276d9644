// Conditions. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_CONDITION_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_CONDITION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/tree_term.h"

namespace stagecraft::syntax {

struct Condition;
using ConditionPtr = std::unique_ptr<Condition>;

enum class Comparator : std::uint8_t {
  kIs,
  kIsNot,
  kIn,
  kNotIn,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBefore,
  kAfter,
  kAtLeast,
  kAtMost,
  kContains,
  kStartsWith,
  kEndsWith,
  kIsSet,
  kIsNotSet,
  kWas,
  kReaches,  // only the outermost condition of a `when` trigger
  kMatches,  // RE2
};

// `35..64`
struct Range {
  Term low;
  Term high;
};

// The right side of a comparison.
struct Operand {
  // Phrase: options, names, texts, numbers, dates; vector: `(a, b, c)`; Range: `a..b`; nothing: `is set`.
  std::variant<std::monostate, Phrase, std::vector<Phrase>, Range, Duration> value;
  Span span;
};

struct Comparison {
  Phrase left;
  Comparator op = Comparator::kIs;
  Span op_span;
  Operand right;
};

// A condition without comparison: a definition, a yes-or-no property, a state (`lifecycle MQL`), membership (`in "Going cold"`), or an
// event seen (`page viewed "/pricing" within 14 days`, `meeting ended since SQL`, `"webinar attended" with minutes > 20`). `X within D` is
// always one of these, also where X is a date: only the checker knows.
struct BareCondition {
  enum class Side : std::uint8_t { kUnsaid, kLast, kNext };  // `within the last 30 days`, `within the next 30 days`
  Phrase phrase;
  ConditionPtr with;  // conditions on the event's fields
  std::optional<Duration> within;
  Side side = Side::kUnsaid;
  std::optional<Phrase> since;
};

// n-ary; `and` and `or` are never mixed without parentheses (the parser reports that).
struct AndCondition {
  std::vector<ConditionPtr> operands;
};
struct OrCondition {
  std::vector<ConditionPtr> operands;
};
struct NotCondition {
  ConditionPtr operand;
};
struct ParenCondition {
  ConditionPtr operand;
};

struct Condition {
  std::variant<Comparison, BareCondition, AndCondition, OrCondition, NotCondition, ParenCondition> node;
  Span span;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_CONDITION_H_
