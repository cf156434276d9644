// Looks at everything that a store holds and says what does not hold of it (docs/reliability.md): each row is what was written, the journal
// is whole, and the state is what the journal says. Goes on behind what it finds.
#ifndef STAGECRAFT_RUNTIME_VERIFY_VERIFY_H_
#define STAGECRAFT_RUNTIME_VERIFY_VERIFY_H_

#include "runtime/store/store.h"
#include "runtime/verify/report.h"

namespace stagecraft::runtime {

// Writes nothing. Takes about twice the memory of an engine on the store, and the time to fold the whole journal. Not ok: the store could
// not be looked at (an older version made it, the disk fails).
Result<Report> Verify(Store& store);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_VERIFY_H_
