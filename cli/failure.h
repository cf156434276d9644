// How a verb ends that could not do what it was asked for.
#ifndef STAGECRAFT_CLI_FAILURE_H_
#define STAGECRAFT_CLI_FAILURE_H_

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/model/status.h"

namespace stagecraft::cli {

// Says why on standard error; gives the exit code.
inline int ReportFailure(const runtime::Status& status) {
  PrintError(status.message);
  return kFailed;
}

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_FAILURE_H_
