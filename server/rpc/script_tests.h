// ScriptService.TestScripts: runs the tests of scripts that are not deployed.
#ifndef STAGECRAFT_SERVER_RPC_SCRIPT_TESTS_H_
#define STAGECRAFT_SERVER_RPC_SCRIPT_TESTS_H_

#include <functional>

#include "dsl/compile.h"
#include "runtime/model/status.h"
#include "stagecraft/v1/script_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Runs the tests of what was compiled, when it has no error, on this thread, until limits::kTestTimeMax has passed or `abandoned`.
// INVALID_ARGUMENT when limits::kTestAnswerBytesMax cannot hold what came of each test; of failures and stories, those for which there is
// no room are left out.
runtime::Status RunScriptTests(const CompileResult& scripts, const v1::TestScriptsRequest& request, const std::function<bool()>& abandoned,
                               v1::TestScriptsResponse& response);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_SCRIPT_TESTS_H_
