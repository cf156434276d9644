#include "server/http/router.h"

#include <boost/asio/use_awaitable.hpp>
#include <string_view>

#include "runtime/model/reasons.h"
#include "server/http/connect.h"
#include "server/http/connect_error.h"

namespace stagecraft::server {
namespace {

namespace http = boost::beast::http;

constexpr std::string_view kErrorPages = "/errors/";

constexpr char kWhatIsHere[] =
    "Stagecraft.\n\n"
    "POST /stagecraft.v1.SERVICE/METHOD  a call, by the Connect protocol: JSON or Protocol Buffers\n"
    "POST /google.longrunning.Operations/METHOD  what takes a while: looked at, waited for, ended\n"
    "GET  /healthz                       whether the server takes calls\n"
    "GET  /metrics                       figures, as Prometheus reads them\n"
    "GET  /errors/REASON                what an error means, and what to do\n"
    "POST /webhooks/hubspot              events of HubSpot, where there is a secret for them\n"
    "POST /webhooks/generic              events, signed as Standard Webhooks has it, where there is a secret for them\n";

HttpResponse Refused(http::status status, const std::string& why) { return TextResponse(status, why + "\n"); }

// What a page of another origin may send and see.
void AllowOrigin(std::string_view origin, HttpResponse& response) {
  response.set(http::field::access_control_allow_origin, boost::beast::string_view(origin.data(), origin.size()));
  response.set(http::field::vary, "Origin");
  response.set(http::field::access_control_expose_headers, "X-Request-Id, Retry-After");
}

HttpResponse Preflight() {
  HttpResponse response(http::status::no_content, 11);
  response.set(http::field::access_control_allow_methods, "POST, GET");
  response.set(
      http::field::access_control_allow_headers,
      "Authorization, Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, X-Request-Id, Traceparent, Tracestate, X-User-Agent");
  response.set(http::field::access_control_max_age, "7200");
  return response;
}

// Tells the browser of each answer that the page may see it.
class ForOrigin final : public Responder {
 public:
  ForOrigin(Responder& responder, std::string_view origin) : responder_(responder), origin_(origin) {}

  const std::string& address() const override { return responder_.address(); }
  bool is_encrypted() const override { return responder_.is_encrypted(); }
  bool IsPeerGone() override { return responder_.IsPeerGone(); }
  Awaitable<void> Send(HttpResponse response) override {
    AllowOrigin(origin_, response);
    return responder_.Send(std::move(response));
  }
  Awaitable<void> Begin(HttpResponse head) override {
    AllowOrigin(origin_, head);
    return responder_.Begin(std::move(head));
  }
  Awaitable<void> Write(std::string piece) override { return responder_.Write(std::move(piece)); }
  Awaitable<void> End() override { return responder_.End(); }

 private:
  Responder& responder_;
  std::string_view origin_;
};

HttpResponse ErrorPage(std::string_view reason) {
  const runtime::ReasonInfo* info = runtime::FindReason(reason);
  return info == nullptr ? Refused(http::status::not_found, "there is no such reason") : TextResponse(http::status::ok, Describe(*info));
}

bool IsRead(const HttpRequest& request) { return request.method() == http::verb::get || request.method() == http::verb::head; }

}  // namespace

Awaitable<void> Router::Handle(const HttpRequest& request, Responder& responder) {
  const std::string_view host = ToView(request[http::field::host]);
  const std::string_view origin = ToView(request[http::field::origin]);
  if (policy_.IsForeignHost(host)) {
    co_await responder.Send(Refused(http::status::misdirected_request,
                                    "this server is not known by that name; name its origin with --http-allow-origin if it should be"));
    co_return;
  }
  if (policy_.IsForeignOrigin({host, origin, responder.is_encrypted()})) {
    co_await responder.Send(
        Refused(http::status::forbidden, "pages of this origin may not call this server; name it with --http-allow-origin if they should"));
    co_return;
  }
  if (!policy_.IsNamedOrigin(origin)) {
    co_await Route(request, responder);
    co_return;
  }
  ForOrigin for_origin(responder, origin);
  if (request.method() == http::verb::options) {
    co_await for_origin.Send(Preflight());
  } else {
    co_await Route(request, for_origin);
  }
}

Awaitable<void> Router::Route(const HttpRequest& request, Responder& responder) {
  const std::string_view target = ToView(request.target());
  const std::string_view path = target.substr(0, target.find('?'));
  if (IsConnectPath(path)) {
    co_await HandleConnect(calls_, request, responder);
  } else if (path == "/healthz" && IsRead(request)) {
    co_await responder.Send(Health());
  } else if (path == "/metrics" && IsRead(request)) {
    co_await responder.Send(Metrics(request));
  } else if (webhooks_.Has(path)) {
    co_await webhooks_.Handle(path, request, responder);
  } else if (path.substr(0, kErrorPages.size()) == kErrorPages && IsRead(request)) {
    co_await responder.Send(ErrorPage(path.substr(kErrorPages.size())));
  } else if (path == "/" && IsRead(request)) {
    co_await responder.Send(TextResponse(http::status::ok, kWhatIsHere));
  } else {
    co_await responder.Send(Refused(http::status::not_found, "there is nothing here; / says what there is"));
  }
}

HttpResponse Router::Health() const {
  if (calls_.IsServing()) return TextResponse(http::status::ok, "SERVING\n");
  return TextResponse(http::status::service_unavailable, "NOT_SERVING\n");
}

HttpResponse Router::Metrics(const HttpRequest& request) const {
  const runtime::Status status = calls_.CheckAccess(ToView(request[http::field::authorization]), Role::kViewer);
  if (!status.ok()) {
    HttpResponse refused = Refused(HttpStatusOf(static_cast<int>(status.code)), status.message);
    if (status.code == runtime::StatusCode::kUnauthenticated) refused.set(http::field::www_authenticate, "Bearer");
    return refused;
  }
  HttpResponse response = TextResponse(http::status::ok, metrics_());
  response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace stagecraft::server
