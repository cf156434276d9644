#ifndef STAGECRAFT_SERVER_WEBHOOK_SECRETS_H_
#define STAGECRAFT_SERVER_WEBHOOK_SECRETS_H_

#include <string>

namespace stagecraft::server {

// What callers of webhooks sign with: the bytes themselves; empty: there is no such webhook.
struct WebhookSecrets {
  std::string hubspot;     // of the app
  std::string generic;     // Standard Webhooks 1.0
  std::string public_url;  // where callers find this server: `https://crm.acme.example`; empty: as they say in Host
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_WEBHOOK_SECRETS_H_
