// What a deployment does to the runs that are open (docs/semantics.md, "E10 Runs and waits").
#ifndef STAGECRAFT_RUNTIME_EXEC_REDEPLOY_H_
#define STAGECRAFT_RUNTIME_EXEC_REDEPLOY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

// The rule `number` of `program`, which is revision `revision`, as a later revision is to keep it for its runs; without a number of its
// own.
ir::RetiredRule RetiredAs(const ir::Program& program, std::uint32_t revision, std::uint32_t number);

// From one revision to the next.
struct Redeployment {
  const ir::Program& before;
  std::uint32_t revision = 0;  // of `before`
  const ir::Program& after;
  const std::vector<ir::LostRule>& lost;  // of the compilation that gave `after`
};

// The effects on the contact's runs. A run goes on with the code that it began with, except that it takes the rule's new code when that
// does the same, or when the rule says `migrate` and waits at the same action; it ends where that is not so, or where its code no longer
// fits. What has not begun follows the rule of today. Nothing: `after` was compiled without a rule that has runs. Changes nothing:
// FoldEffect does.
std::optional<std::vector<Effect>> MoveRuns(const Redeployment& redeployment, const Contact& contact);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_REDEPLOY_H_
