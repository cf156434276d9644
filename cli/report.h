// Tables of a run: contacts counted by a property, with conditions of the language as columns.
#ifndef STAGECRAFT_CLI_REPORT_H_
#define STAGECRAFT_CLI_REPORT_H_

#include <string>

#include "cli/table.h"
#include "runtime/engine/view.h"
#include "runtime/import/run_config.h"
#include "runtime/model/status.h"

namespace stagecraft::cli {

// Counts the contacts of `view` as `spec` says. INVALID_ARGUMENT when it names a property that is not there or has a condition
// that cannot be checked; the message says which, and what is wrong with a condition is on standard error then.
runtime::Result<Table> CountContacts(const runtime::View& view, const runtime::TableSpec& spec);

// All contacts with the properties that any of them has, and with scores and counters.
Table AllContacts(const runtime::View& view);
Table AllTasks(const runtime::View& view);
Table AllNotifications(const runtime::View& view);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_REPORT_H_
