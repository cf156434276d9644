// `failures/{failure}`: what could not be done, by its name.
#ifndef STAGECRAFT_SERVER_RPC_FAILURES_H_
#define STAGECRAFT_SERVER_RPC_FAILURES_H_

#include <cstdint>
#include <string>

#include "runtime/engine/engine.h"
#include "runtime/model/failure.h"

namespace stagecraft::server {

// The number of the open failure of this kind. INVALID_ARGUMENT for a name that is none, NOT_FOUND (FAILURE_NOT_FOUND).
runtime::Result<std::int64_t> FailureNamed(runtime::Engine& engine, const std::string& name, runtime::Failure::Kind kind);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_FAILURES_H_
