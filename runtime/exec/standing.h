// What follows for a contact from effects that set off no rule: it was restored, or another one became part of it (language.md E12).
#ifndef STAGECRAFT_RUNTIME_EXEC_STANDING_H_
#define STAGECRAFT_RUNTIME_EXEC_STANDING_H_

#include "runtime/exec/plan.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// See Executor::Follow.
void FollowFolded(const Plan& plan, Contact& contact, Record& record);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_STANDING_H_
