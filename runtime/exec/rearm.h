// What a deployment does to a contact's timers. Nothing fires by a deployment.
#ifndef STAGECRAFT_RUNTIME_EXEC_REARM_H_
#define STAGECRAFT_RUNTIME_EXEC_REARM_H_

#include "runtime/exec/plan.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

// As Executor::RearmTimers.
void RearmTimers(const Plan& plan, Contact& contact, Micros now);

// As Executor::Wants.
bool IsWanted(const Plan& plan, const Contact& contact, const ArmedTimer& timer);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_REARM_H_
