#ifndef STAGECRAFT_CLI_SERVE_HTTP_H_
#define STAGECRAFT_CLI_SERVE_HTTP_H_

#include <optional>

#include "cli/options.h"
#include "runtime/model/status.h"
#include "server/server.h"

namespace stagecraft::cli {

// Nothing: no HTTP. Fails when a secret cannot be read (INVALID_CONFIG).
runtime::Result<std::optional<server::HttpOptions>> ReadHttpOptions(const ServeOptions& options);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_SERVE_HTTP_H_
