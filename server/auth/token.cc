#include "server/auth/token.h"

#include <absl/strings/escaping.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "dsl/support/text.h"
#include "runtime/model/reasons.h"

namespace stagecraft::server {
namespace {

constexpr std::size_t kHolderBytesMax = 128;
constexpr std::size_t kScopeBytesMax = 1024;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kIdBytes = 6;
constexpr char kPrefix[] = "sc_";  // so that programs that look for leaked secrets know one

// Empty: there are none.
std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  const int made = RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  return made == 1 ? bytes : std::string();
}

bool IsOneLine(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return !InvalidUtf8(text);
}

}  // namespace

std::string Sha256(std::string_view bytes) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

runtime::Result<NewToken> MakeToken(const TokenRequest& request, runtime::Micros now) {
  using runtime::StatusCode;
  if (request.holder.empty() || request.holder.size() > kHolderBytesMax || !IsOneLine(request.holder)) {
    return runtime::Fail(
        StatusCode::kInvalidArgument, runtime::reasons::kInvalidToken,
        "the holder of a token is a user or a service, in one line of at most " + std::to_string(kHolderBytesMax) + " bytes");
  }
  if (request.scope.size() > kScopeBytesMax || !IsOneLine(request.scope)) {
    return runtime::Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidToken,
                         "the scope of a token is a condition, in one line of at most " + std::to_string(kScopeBytesMax) + " bytes");
  }
  if (request.calls_per_second < 0 || request.lifetime < 0) {
    return runtime::Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidToken, "a token's rate and lifetime are not below 0");
  }
  const std::string bits = RandomBytes(kSecretBytes);
  const std::string id = RandomBytes(kIdBytes);
  if (bits.empty() || id.empty()) {
    return runtime::Fail(StatusCode::kInternal, "INTERNAL", "this machine gives no random numbers for a secret");
  }
  NewToken made;
  made.secret = kPrefix + absl::WebSafeBase64Escape(bits);
  made.token.id = absl::BytesToHexString(id);
  made.token.secret_hash = Sha256(made.secret);
  made.token.holder = request.holder;
  made.token.scope = request.scope;
  made.token.role = std::string(NameOf(request.role));
  made.token.calls_per_second = request.calls_per_second;
  made.token.created_at = now;
  made.token.expires_at = request.lifetime == 0 ? 0 : now + request.lifetime;
  return made;
}

bool IsInForce(const runtime::AccessToken& token, runtime::Micros now) {
  return token.revoked_at == 0 && (token.expires_at == 0 || token.expires_at > now);
}

}  // namespace stagecraft::server
