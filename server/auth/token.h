// Tokens as they are made and compared: the secret is shown once, and only its hash is kept.
#ifndef STAGECRAFT_SERVER_AUTH_TOKEN_H_
#define STAGECRAFT_SERVER_AUTH_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/store/access_store.h"
#include "server/auth/role.h"

namespace stagecraft::server {

struct TokenRequest {
  std::string holder;  // 1 to 128 bytes of one line of text: a user or a service
  Role role = Role::kViewer;
  std::int64_t calls_per_second = 0;  // 0: as many as the server takes
  runtime::Micros lifetime = 0;       // from now on; 0: for ever
  std::string scope;                  // AccessToken::scope, at most 1024 bytes of one line
};

struct NewToken {
  runtime::AccessToken token;
  std::string secret;  // `sc_` and 43 letters, digits, - and _: 256 random bits
};

// INVALID_ARGUMENT (INVALID_TOKEN). INTERNAL: the machine has no random numbers.
runtime::Result<NewToken> MakeToken(const TokenRequest& request, runtime::Micros now);

// SHA-256, 32 bytes.
std::string Sha256(std::string_view bytes);

// Whether it can be used at `now`.
bool IsInForce(const runtime::AccessToken& token, runtime::Micros now);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_AUTH_TOKEN_H_
