// Every action and every condition of a rule, branches and sequences' ends included.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_WALK_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_WALK_H_

#include <functional>

#include "dsl/sema/checked.h"

namespace stagecraft::sema {

using ActionVisitor = std::function<void(const Action&)>;
using ConditionVisitor = std::function<void(const Condition&)>;

// In the order of the script; an action before those inside it.
void ForEachAction(const Rule& rule, const ActionVisitor& visit);
// Trigger, guard, end, what is expected, branches and waits.
void ForEachCondition(const Rule& rule, const ConditionVisitor& visit);

// Where an action stands.
struct ActionPlace {
  const Block* block = nullptr;  // nullptr: nowhere in the rule
  std::size_t index = 0;         // in the block

  const Action& action() const { return (*block)[index]; }
};
// The innermost action that holds the text at `span`.
ActionPlace PlaceOfAction(const Rule& rule, Span span);

// True where it matters by which number an action goes: the way of a contact through a `split` is chosen by the place of the split.
bool PlacesMatter(const Rule& rule);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_WALK_H_
