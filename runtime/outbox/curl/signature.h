// Signatures of webhooks, those that go out and those that come in.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CURL_SIGNATURE_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CURL_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace stagecraft::runtime {

// HMAC-SHA256 of `text` under the secret's bytes, in base64.
std::string SignText(std::string_view secret, std::string_view text);

// As Standard Webhooks 1.0 has it: `v1,` and the HMAC-SHA256 of `id.seconds.body` under the secret's bytes, in base64.
std::string SignWebhook(std::string_view secret, std::string_view id, std::int64_t seconds, std::string_view body);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CURL_SIGNATURE_H_
