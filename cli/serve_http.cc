#include "cli/serve_http.h"

#include <absl/strings/ascii.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/files.h"
#include "runtime/model/reasons.h"
#include "runtime/outbox/config.h"

namespace stagecraft::cli {
namespace {

using runtime::Result;
using runtime::Status;
using runtime::StatusCode;

// A secret is a line.
constexpr std::size_t kSecretBytesMax = 4096;

// Where HTTP is taken: the port after that of `listen`, or any where that has any.
// Empty: nowhere.
std::string ListenBeside(const ServeOptions& options) {
  if (!options.http_listen.empty()) return options.http_listen == "off" ? std::string() : options.http_listen;
  const std::string_view listen = options.listen;
  const auto colon = listen.rfind(':');
  int port = 0;
  const bool has_port = colon != std::string_view::npos && listen.rfind("unix:", 0) != 0 &&
                        std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port).ec == std::errc();
  if (!has_port || port == 65535) return {};
  return fmt::format("{}:{}", listen.substr(0, colon), port == 0 ? 0 : port + 1);
}

// Out of the file or, where none is named, the variable; without white space around it. Empty: neither.
Result<std::string> ReadSecret(const std::string& file, const char* variable) {
  std::string text;
  if (!file.empty()) {
    auto read = ReadFile(file, kSecretBytesMax);
    if (!read) return tl::unexpected<Status>(read.error());
    text = std::move(read->text);
  } else if (const char* value = std::getenv(variable); value != nullptr) {
    text = value;
  }
  absl::StripAsciiWhitespace(&text);
  if (!text.empty()) return text;
  if (file.empty()) return std::string();
  return runtime::Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidConfig, "`" + file + "` has no secret in it");
}

}  // namespace

Result<std::optional<server::HttpOptions>> ReadHttpOptions(const ServeOptions& options) {
  server::HttpOptions http;
  http.listen = ListenBeside(options);
  if (http.listen.empty()) return std::nullopt;
  http.origins = options.http_origins;
  http.webhooks.public_url = options.public_url;
  auto hubspot = ReadSecret(options.hubspot_secret_file, "STAGECRAFT_HUBSPOT_SECRET");
  if (!hubspot) return tl::unexpected<Status>(hubspot.error());
  http.webhooks.hubspot = std::move(*hubspot);
  const auto generic = ReadSecret(options.webhook_secret_file, "STAGECRAFT_WEBHOOK_SECRET");
  if (!generic) return tl::unexpected<Status>(generic.error());
  if (generic->empty()) return http;
  auto secret = runtime::DecodeWebhookSecret(*generic);
  if (!secret) {
    return runtime::Fail(
        StatusCode::kInvalidArgument, runtime::reasons::kInvalidConfig,
        "the webhooks' secret is none: expected 24 to 64 bytes in base64, with `whsec_` in front if you like; make one with "
        "`openssl rand -base64 32`");
  }
  http.webhooks.generic = std::move(*secret);
  return http;
}

}  // namespace stagecraft::cli
