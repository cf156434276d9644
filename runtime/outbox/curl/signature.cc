#include "runtime/outbox/curl/signature.h"

#include <absl/strings/escaping.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dsl/support/check.h"

namespace stagecraft::runtime {

std::string SignText(std::string_view secret, std::string_view text) {
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const unsigned char* done = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), code, &size);
  STAGECRAFT_CHECK(done != nullptr);
  return absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(code), size));
}

std::string SignWebhook(std::string_view secret, std::string_view id, std::int64_t seconds, std::string_view body) {
  return "v1," + SignText(secret, fmt::format("{}.{}.{}", id, seconds, body));
}

}  // namespace stagecraft::runtime
