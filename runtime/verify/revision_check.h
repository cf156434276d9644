#ifndef STAGECRAFT_RUNTIME_VERIFY_REVISION_CHECK_H_
#define STAGECRAFT_RUNTIME_VERIFY_REVISION_CHECK_H_

#include "runtime/verify/report.h"
#include "runtime/verify/stored_rows.h"

namespace stagecraft::runtime {

// Whether the revisions are numbered without gaps and compile; says in `stored` whether they do.
void CheckRevisions(StoredRows& stored, Report& report);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_REVISION_CHECK_H_
