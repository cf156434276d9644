// Who there is: the users that scripts name, that own something, and of whom something was said.
#ifndef STAGECRAFT_SERVER_RPC_USER_LIST_H_
#define STAGECRAFT_SERVER_RPC_USER_LIST_H_

#include <grpcpp/server_context.h>

#include <map>
#include <string>

#include "runtime/engine/engine.h"
#include "stagecraft/v1/user_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// By name, case-folded.
using UserMap = std::map<std::string, v1::User>;

// Fills `users` with everybody. Looks at all contacts, a slice at a time.
grpc::Status ReadUsers(runtime::Engine& engine, const grpc::CallbackServerContext& call, UserMap& users);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_USER_LIST_H_
