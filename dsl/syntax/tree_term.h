// Words, numbers, names and times: what every sentence of the tree is made of. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_TERM_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_TERM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/support/source.h"

namespace stagecraft::syntax {

// One word, text or number of a phrase.
struct Term {
  enum class Kind : std::uint8_t {
    kWord,         // text: the word in NFC, as written (case kept)
    kText,         // text: the content of "…", escapes resolved, NFC
    kNumber,       // number; text as written
    kPercent,      // number is the percentage (30 for 30%)
    kDate,         // 2026-12-29; text as written
    kClock,        // 09:00; number is the minute of the day, in millionths
    kPlaceholder,  // {size} outside a text: a column of the test's table; text is its name
  };
  Kind kind = Kind::kWord;
  std::string text;
  std::int64_t number = 0;  // in millionths (ir::kNumberScale)
  Span span;
};

// A run of terms up to a keyword: `company name`, `form "Demo" submitted`, `status "New Lead"`, `New`.
struct Phrase {
  std::vector<Term> terms;  // never empty in a tree without syntax errors
  Span span;
};

// `3 days`, `4 business hours`. The unit is kept as written; the checker knows the units.
struct Duration {
  std::int64_t amount = 0;  // in millionths
  bool business = false;
  std::string unit;
  Span span;
  Span unit_span;
};

// `Monday`, `Monday, Thursday`, `day`, `weekday`, `business day`, or `month on 1`.
struct Days {
  std::vector<Phrase> names;
  std::optional<Term> day_of_month;
  Span span;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_TERM_H_
