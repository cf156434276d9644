// Diagnostics that a server sent about scripts or filters that it was sent.
#ifndef STAGECRAFT_CLI_SCRIPTS_SENT_H_
#define STAGECRAFT_CLI_SCRIPTS_SENT_H_

#include <stagecraft/v1/diagnostic.pb.h>

#include <string>

#include "dsl/support/render.h"

namespace stagecraft::cli {

// As `check` shows it: with the source line, which the server sends along, and a caret.
std::string RenderReceived(const stagecraft::v1::Diagnostic& diagnostic, const RenderOptions& options);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_SCRIPTS_SENT_H_
