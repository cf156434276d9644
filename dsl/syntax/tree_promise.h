// What is to hold always: promises, and the moves of a status. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_PROMISE_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_PROMISE_H_

#include <vector>

#include "dsl/syntax/tree_condition.h"

namespace stagecraft::syntax {

// `always owner is set when lifecycle is SQL`, `never lifecycle MQL when lifecycle was Customer`
struct PromiseDecl {
  bool never = false;
  ConditionPtr condition;
  ConditionPtr when;
};

// `moves of status "New Lead" -> process, outcome …`
struct MovesDecl {
  struct Target {
    bool later = false;  // `later process`
    Phrase phrase;       // an option, or a group: start, process, outcome
  };
  struct Line {
    std::vector<Target> from;
    std::vector<Target> to;
    Span span;
  };
  Phrase property;
  std::vector<Line> lines;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_PROMISE_H_
