// `failures/{failure}`: what could not be done, by its name.
#ifndef STAGECRAFT_SERVER_RPC_FAILURES_H_
#define STAGECRAFT_SERVER_RPC_FAILURES_H_

#include <optional>
#include <string>

#include "runtime/engine/engine.h"
#include "runtime/model/failure.h"

namespace stagecraft::server {

// Makes another attempt at the open failure of this kind. What came of it: nothing when it was done, else why not, for people.
// INVALID_ARGUMENT for a name that is none, NOT_FOUND (FAILURE_NOT_FOUND), and the engine's (Engine::Retry).
runtime::Result<std::optional<std::string>> RetryFailure(runtime::Engine& engine, const std::string& name, runtime::Failure::Kind kind,
                                                         const std::string& actor);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_FAILURES_H_
