// The file that says where deliveries go: docs/deliveries.md.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CONFIG_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CONFIG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/status.h"
#include "runtime/outbox/outbox.h"

namespace stagecraft::runtime {

enum class StartTls : std::uint8_t { kRequired, kIfOffered, kNever };

struct SmtpConfig {
  std::string url;   // smtp://HOST:PORT, smtps://HOST:PORT
  std::string from;  // an address, or `Name <address>`
  std::string user;  // empty: no login
  std::string password;
  StartTls start_tls = StartTls::kIfOffered;  // of smtp://
};

struct WebhookConfig {
  std::string url;               // http:// or https://
  std::string secret;            // the bytes themselves; empty: not signed
  bool private_network = false;  // whether it may be at an address that is not of the internet
};

struct DeliveriesConfig {
  std::optional<SmtpConfig> smtp;
  std::string chat_url;  // empty: no chat
  bool chat_private_network = false;
  std::map<std::string, WebhookConfig> webhooks;
  std::uint8_t notification_routes = 0;  // bits of dispatch.h
  bool dry = false;
  std::string ca_file;  // who is trusted besides the system's own; empty: nobody
  std::uint32_t concurrency = 16;
  std::int64_t timeout_ms = 30'000;          // of one attempt, all in all
  std::int64_t connect_timeout_ms = 10'000;  // of connecting, within it
  OutboxOptions outbox;
};

// What a secret is read from.
struct SecretSources {
  // The text of a file, with its name as the configuration gives it. A Status of its own words when it cannot be read.
  std::function<Result<std::string>(const std::string& path)> file;
  // The value of a variable of the environment; nothing when it is not set.
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

// A secret that webhooks are signed with, as Standard Webhooks 1.0 writes it: 24 to 64 bytes in base64, with or without `whsec_` in front.
// Nothing when it is none.
std::optional<std::string> DecodeWebhookSecret(std::string_view text);

// `name` is what messages call the text. INVALID_ARGUMENT (reason INVALID_CONFIG), with line and column: no TOML, an unknown key, a value
// that cannot be, a secret that cannot be read.
Result<DeliveriesConfig> ParseDeliveries(std::string_view name, std::string_view text, const SecretSources& secrets);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CONFIG_H_
