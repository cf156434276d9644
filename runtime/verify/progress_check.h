#ifndef STAGECRAFT_RUNTIME_VERIFY_PROGRESS_CHECK_H_
#define STAGECRAFT_RUNTIME_VERIFY_PROGRESS_CHECK_H_

#include "runtime/exec/executor.h"
#include "runtime/verify/report.h"

namespace stagecraft::runtime {

// Whether the contact's timers and runs are of rules that have such, and due as its state says; its derived values are up to date.
// `deployed_at`: when the running revision, which `executor` runs, was deployed.
void CheckProgress(const Executor& executor, Micros deployed_at, const Contact& contact, Report& report);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_PROGRESS_CHECK_H_
