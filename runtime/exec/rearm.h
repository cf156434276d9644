// What a deployment does to a contact's timers. Nothing fires by a deployment.
#ifndef STAGECRAFT_RUNTIME_EXEC_REARM_H_
#define STAGECRAFT_RUNTIME_EXEC_REARM_H_

#include <cstdint>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/plan.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

// As Executor::RearmTimers.
void RearmTimers(const Plan& plan, Contact& contact, Micros now);

// Rules of `after`, ascending, that wait for something else than under `before`: what was armed for them says nothing of it.
std::vector<std::uint32_t> RulesThatWaitAnew(const ir::Program& before, const ir::Program& after);

// As Executor::Wants.
bool IsWanted(const Plan& plan, const Contact& contact, const ArmedTimer& timer);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_REARM_H_
