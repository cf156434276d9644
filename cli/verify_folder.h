// Looking at everything in a data folder, for `verify` and `restore`.
#ifndef STAGECRAFT_CLI_VERIFY_FOLDER_H_
#define STAGECRAFT_CLI_VERIFY_FOLDER_H_

#include <string>

#include "runtime/model/status.h"
#include "runtime/verify/report.h"

namespace stagecraft::cli {

// What is damaged: the state, the tokens, the audit log. Not ok: the folder could not be looked at.
runtime::Result<runtime::Report> VerifyFolder(const std::string& data);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_VERIFY_FOLDER_H_
