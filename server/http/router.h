// What the HTTP door has: calls by the Connect protocol, /healthz, /metrics, webhooks.
#ifndef STAGECRAFT_SERVER_HTTP_ROUTER_H_
#define STAGECRAFT_SERVER_HTTP_ROUTER_H_

#include <functional>
#include <string>
#include <utility>

#include "server/http/calls.h"
#include "server/http/exchange.h"
#include "server/http/origin.h"
#include "server/http/webhooks.h"

namespace stagecraft::server {

class Router final : public HttpHandler {
 public:
  // `metrics` gives the text of /metrics. `calls` must outlive it.
  Router(Calls& calls, OriginPolicy policy, std::function<std::string()> metrics, Webhooks webhooks)
      : calls_(calls), policy_(std::move(policy)), metrics_(std::move(metrics)), webhooks_(std::move(webhooks)) {}

  Awaitable<void> Handle(const HttpRequest& request, Responder& responder) override;

 private:
  Awaitable<void> Route(const HttpRequest& request, Responder& responder);
  HttpResponse Health() const;
  HttpResponse Metrics(const HttpRequest& request) const;

  Calls& calls_;
  OriginPolicy policy_;
  std::function<std::string()> metrics_;
  Webhooks webhooks_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_ROUTER_H_
