// Places at which a test build ends the process as kill -9 would. `STAGECRAFT_FAILPOINT=before-append` ends it the first time
// it gets there, `before-append:3` the third time. In other builds they are nothing.
#ifndef STAGECRAFT_RUNTIME_ENGINE_FAILPOINT_H_
#define STAGECRAFT_RUNTIME_ENGINE_FAILPOINT_H_

#ifdef STAGECRAFT_FAILPOINTS
#include <string_view>

namespace stagecraft::runtime {
// Does not return when it is the one that the environment names.
void ReachFailpoint(std::string_view name);
}  // namespace stagecraft::runtime

#define STAGECRAFT_FAILPOINT(name) ::stagecraft::runtime::ReachFailpoint(name)
#else
#define STAGECRAFT_FAILPOINT(name) static_cast<void>(0)
#endif

#endif  // STAGECRAFT_RUNTIME_ENGINE_FAILPOINT_H_
