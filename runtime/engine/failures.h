// What records say of failures (runtime/model/failure.h).
#ifndef STAGECRAFT_RUNTIME_ENGINE_FAILURES_H_
#define STAGECRAFT_RUNTIME_ENGINE_FAILURES_H_

#include "dsl/ir/program.h"
#include "runtime/engine/item_table.h"
#include "runtime/model/failure.h"

namespace stagecraft::runtime {

// Adds what failed in the record, unless its id is `known_through` or before it, and closes or renews the failure that the record is
// another attempt at. `program`: the one that decided the record.
void NoteFailures(const ir::Program& program, const Record& record, std::int64_t known_through, ItemTable<Failure>& failures);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_FAILURES_H_
