// The state: what the checkpoint and the journal's tail give against what the journal gives from its first record on.
#ifndef STAGECRAFT_RUNTIME_VERIFY_STATE_CHECK_H_
#define STAGECRAFT_RUNTIME_VERIFY_STATE_CHECK_H_

#include "runtime/verify/report.h"
#include "runtime/verify/stored_rows.h"

namespace stagecraft::runtime {

// Folds the journal, where it is whole, and compares; looks at the timers and runs of every contact. Rows of `stored.damaged` are taken to
// be what the journal says: what is wrong with them has been told.
void CheckState(Store& store, const StoredRows& stored, Report& report);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_STATE_CHECK_H_
