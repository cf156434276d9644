#ifndef STAGECRAFT_RUNTIME_VERIFY_CHECKPOINT_CHECK_H_
#define STAGECRAFT_RUNTIME_VERIFY_CHECKPOINT_CHECK_H_

#include "runtime/verify/report.h"
#include "runtime/verify/stored_rows.h"

namespace stagecraft::runtime {

// Each row of the checkpoint by itself: it can be read, stands where it belongs, and is not ahead of the journal. Those that are not so go
// from `stored.rows` to `stored.damaged`.
void CheckRows(StoredRows& stored, Report& report);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_CHECKPOINT_CHECK_H_
