// Webhooks that come in: whose signature is right may say what has happened, without a token.
#ifndef STAGECRAFT_SERVER_HTTP_WEBHOOKS_H_
#define STAGECRAFT_SERVER_HTTP_WEBHOOKS_H_

#include <functional>
#include <string>
#include <string_view>

#include "runtime/model/event.h"
#include "server/http/calls.h"
#include "server/http/exchange.h"
#include "server/webhook_secrets.h"

namespace stagecraft::server {

class Webhooks {
 public:
  // `calls` must outlive it. `now`: the time that signatures are held against.
  Webhooks(Calls& calls, WebhookSecrets secrets, std::function<runtime::Micros()> now)
      : calls_(calls), secrets_(std::move(secrets)), now_(std::move(now)) {}

  // Whether the path is one of a webhook that has a secret.
  bool Has(std::string_view path) const;
  Awaitable<void> Handle(std::string_view path, const HttpRequest& request, Responder& responder);

 private:
  Awaitable<void> HandleHubspot(const HttpRequest& request, Responder& responder);
  Awaitable<void> HandleGeneric(const HttpRequest& request, Responder& responder);
  runtime::Status CheckHubspot(const HttpRequest& request, bool is_encrypted) const;
  runtime::Status CheckGeneric(const HttpRequest& request) const;

  Calls& calls_;
  WebhookSecrets secrets_;
  std::function<runtime::Micros()> now_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_WEBHOOKS_H_
