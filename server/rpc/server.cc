#include "server/server.h"

#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "server/address.h"
#include "server/auth/audit_log.h"
#include "server/auth/gate.h"
#include "server/http/door.h"
#include "server/http/origin.h"
#include "server/metrics/metrics.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/call_count.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/change_feed.h"
#include "server/rpc/company_service.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/deal_service.h"
#include "server/rpc/event_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/list_service.h"
#include "server/rpc/loopback_calls.h"
#include "server/rpc/notification_service.h"
#include "server/rpc/operations.h"
#include "server/rpc/operations_service.h"
#include "server/rpc/script_service.h"
#include "server/rpc/service_context.h"
#include "server/rpc/status_map.h"
#include "server/rpc/task_service.h"
#include "server/rpc/tls.h"
#include "server/rpc/unreadable.h"
#include "server/rpc/user_service.h"
#include "server/rpc/view_service.h"

namespace stagecraft::server {
namespace {

// What gRPC has to say goes to our log, so that a failed start is one clear line and not four.
void LogOfGrpc(gpr_log_func_args* args) {
  const auto level = args->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::debug : spdlog::level::trace;
  spdlog::log(level, "grpc: {}", args->message);
}

// gRPC is never shut down as a whole: that can wait ten seconds for a connection that a client left half-read.
void KeepGrpc() {
  static const bool kept = [] {
    grpc_init();
    return true;
  }();
  static_cast<void>(kept);
}

constexpr const char* kServices[] = {"stagecraft.v1.EventService",   "stagecraft.v1.ContactService",      "stagecraft.v1.ScriptService",
                                     "stagecraft.v1.TaskService",    "stagecraft.v1.NotificationService", "stagecraft.v1.AdminService",
                                     "stagecraft.v1.CompanyService", "stagecraft.v1.DealService",         "stagecraft.v1.UserService",
                                     "stagecraft.v1.ListService",    "stagecraft.v1.ViewService",         "google.longrunning.Operations"};

int Millis(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

void Configure(std::unique_ptr<CallObserver> observer, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(limits::kMessageBytesMax);
  // The bound of a message is not held against what it becomes when it is unpacked.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::kCallsPerConnectionMax);
  builder.SetMaxSendMessageSize(-1);                        // bounded by the sizes of pages
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second server on the port is an error, not a partner
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(limits::kKeepaliveTime));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(limits::kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Millis(limits::kClientPingInterval));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Millis(limits::kConnectionAge));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Millis(limits::kConnectionGrace));
  grpc::ResourceQuota quota("stagecraft");
  quota.Resize(limits::kTransportBytesMax);
  builder.SetResourceQuota(quota);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::move(observer));
  interceptors.push_back(std::make_unique<UnreadableRequests>());
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
}

runtime::Status CannotListen(const std::string& address) {
  return {runtime::StatusCode::kUnavailable,
          "PORT_IN_USE",
          "cannot listen on `" + address +
              "`: another program has the port, or the address is not this machine's; choose another with --listen",
          {}};
}

class RpcServer final : public Server {
 public:
  RpcServer(runtime::Engine& engine, const ServerOptions& options, std::unique_ptr<Gate> gate)
      : metrics_(engine, STAGECRAFT_VERSION),
        gate_(std::move(gate)),
        audit_(options.access ? std::make_unique<AuditLog>(options.access->store, options.access->clock) : nullptr),
        feed_(engine),
        operations_(engine, feed_, ids_, clock_),
        workers_(options.read_threads, limits::kCallsWaitingMax),
        script_workers_(std::max(1U, options.read_threads / 2), limits::kCallsWaitingMax),
        context_{engine, *gate_, audit_.get(), workers_, ids_, streams_, draining_, maintenance_, operations_, options.reader_patience,
                 options.order_time},
        script_context_{engine, *gate_, audit_.get(), script_workers_, ids_, streams_, draining_, maintenance_, operations_,
                        options.reader_patience, options.order_time},
        events_(context_, feed_),
        contacts_(context_),
        scripts_(context_, script_context_),
        tasks_(context_),
        notifications_(context_, feed_),
        admin_(context_, options.access ? &options.access->store : nullptr),
        companies_(context_),
        deals_(context_),
        users_(context_),
        lists_(context_),
        views_(context_),
        operation_calls_(context_, feed_) {}

  ~RpcServer() override { Drain(std::chrono::milliseconds(0)); }

  runtime::Status Listen(const std::string& address, const std::optional<TlsFiles>& tls) {
    grpc::ServerBuilder builder;
    Configure(std::make_unique<CallObserver>(metrics_.calls(), under_way_), builder);
    builder.AddListeningPort(address, tls ? TlsCredentials(*tls) : grpc::InsecureServerCredentials(), &port_);
    for (grpc::Service* service :
         {static_cast<grpc::Service*>(&events_), static_cast<grpc::Service*>(&contacts_), static_cast<grpc::Service*>(&scripts_),
          static_cast<grpc::Service*>(&tasks_), static_cast<grpc::Service*>(&notifications_), static_cast<grpc::Service*>(&admin_),
          static_cast<grpc::Service*>(&companies_), static_cast<grpc::Service*>(&deals_), static_cast<grpc::Service*>(&users_),
          static_cast<grpc::Service*>(&lists_), static_cast<grpc::Service*>(&views_), static_cast<grpc::Service*>(&operation_calls_)}) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return CannotListen(address);
    if (IsUnix(address)) port_ = 0;
    for (const char* service : kServices) server_->GetHealthCheckService()->SetServingStatus(service, true);
    return {};
  }

  // After Listen.
  runtime::Status OpenDoor(const HttpOptions& http, const std::optional<TlsFiles>& tls) {
    calls_ = std::make_unique<LoopbackCalls>(*server_, *gate_, draining_);
    auto door = HttpDoor::Open(
        {http.listen, http.origins, tls, [this] { return metrics_.Text(); }, http.webhooks, [this] { return clock_.Now(); }}, *calls_);
    if (!door) return door.error();
    door_ = std::move(*door);
    return {};
  }

  int port() const override { return port_; }
  int http_port() const override { return door_ == nullptr ? 0 : door_->port(); }

  void Drain(std::chrono::milliseconds grace) override {
    const std::lock_guard lock(drain_mutex_);
    if (server_ == nullptr) return;
    server_->GetHealthCheckService()->SetServingStatus(false);
    draining_.store(true, std::memory_order_relaxed);
    streams_.DrainAll(Stopping());
    feed_.Drain();
    if (door_ != nullptr) door_->StopTaking();
    const auto end = std::chrono::steady_clock::now() + grace;
    const auto left = [end] { return std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()); };
    // New calls are refused meanwhile, with a reason. Shutdown would refuse them without one, some as CANCELLED, and would wait for
    // connections on which there is no call, too.
    if (calls_ != nullptr) calls_->WaitUntilNone(left());
    under_way_.WaitUntilNone(left());
    std::this_thread::sleep_for(std::clamp(left(), std::chrono::milliseconds(0), limits::kLingerTime));
    under_way_.WaitUntilNone(left());
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    if (door_ != nullptr) {
      door_->Close(limits::kAnswerTime);
      calls_->WaitUntilNone();
      door_.reset();
    }
    calls_.reset();
    server_.reset();
  }

 private:
  runtime::SystemClock clock_;  // not the engine's, which a test may have set: others sign by the world's
  Metrics metrics_;
  CallCount under_way_;
  IdSource ids_;
  OpenStreams streams_;
  std::atomic<bool> draining_{false};
  Maintenance maintenance_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<AuditLog> audit_;
  ChangeFeed feed_;
  Operations operations_;
  WorkerPool workers_;
  WorkerPool script_workers_;  // calls that compile or run scripts take seconds: only they wait for each other
  ServiceContext context_;
  ServiceContext script_context_;
  EventService events_;
  ContactService contacts_;
  ScriptService scripts_;
  TaskService tasks_;
  NotificationService notifications_;
  AdminService admin_;
  CompanyService companies_;
  DealService deals_;
  UserService users_;
  ListService lists_;
  ViewService views_;
  OperationsService operation_calls_;
  std::mutex drain_mutex_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<LoopbackCalls> calls_;
  std::unique_ptr<HttpDoor> door_;
  int port_ = 0;
};

}  // namespace

namespace {

void SetUpGrpc() {
  KeepGrpc();
  gpr_set_log_function(LogOfGrpc);
}

// A server that answers nothing takes the address, and lets it go again.
runtime::Status TryToListen(const std::string& address) {
  SetUpGrpc();
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  grpc::CallbackGenericService nothing;
  builder.RegisterCallbackGenericService(&nothing);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return CannotListen(address);
  server->Shutdown();
  server->Wait();
  return {};
}

runtime::Status Insecure(const std::string& listen, const std::string& why) {
  return {runtime::StatusCode::kFailedPrecondition,
          "INSECURE_LISTEN_ADDRESS",
          "`" + listen + "` can be reached from other machines, " + why,
          {}};
}

runtime::Status CheckAddress(const ServerOptions& options, const std::string& listen, const char* expected) {
  if (HostOf(listen).empty()) {
    return {runtime::StatusCode::kInvalidArgument,
            "INVALID_LISTEN_ADDRESS",
            "`" + listen + "` is no address to listen on; expected " + expected,
            {}};
  }
  if (!options.insecure && !IsLoopbackAddress(listen) && !options.tls) {
    return Insecure(listen, "without encryption; give it a certificate (--tls-cert, --tls-key), listen on 127.0.0.1, or say --insecure");
  }
  return {};
}

runtime::Status CheckOptions(const ServerOptions& options) {
  if (!IsUnix(options.listen)) {
    if (runtime::Status status = CheckAddress(options, options.listen, "HOST:PORT, [IPV6]:PORT or unix:PATH"); !status.ok()) return status;
  }
  if (options.http) {
    if (runtime::Status status = CheckAddress(options, options.http->listen, "HOST:PORT or [IPV6]:PORT"); !status.ok()) return status;
    for (const std::string& origin : options.http->origins) {
      if (runtime::Status status = CheckOrigin(origin); !status.ok()) return status;
    }
    const std::string& url = options.http->webhooks.public_url;
    if (runtime::Status status = url.empty() ? runtime::Status() : CheckOrigin(url); !status.ok()) return status;
  }
  return options.tls ? CheckTls(*options.tls) : runtime::Status{};
}

bool IsReachable(const ServerOptions& options) {
  return !IsLoopbackAddress(options.listen) || (options.http && !IsLoopbackAddress(options.http->listen));
}

// Whoever reaches it from elsewhere must have a token.
runtime::Status CheckTokens(const ServerOptions& options, const Gate& gate) {
  if (options.insecure || !IsReachable(options)) return {};
  if (options.access && gate.HasTokenInForce()) return {};
  return Insecure(IsLoopbackAddress(options.listen) ? options.http->listen : options.listen,
                  "and there is no token in force, so that anybody could do everything; make one with `stagecraft token create`");
}

}  // namespace

runtime::Status Server::Check(const ServerOptions& options) {
  if (runtime::Status status = CheckOptions(options); !status.ok()) return status;
  // A socket in the file system is taken over from whoever had it.
  return IsUnix(options.listen) ? runtime::Status{} : TryToListen(options.listen);
}

runtime::Result<std::unique_ptr<Server>> Server::Start(runtime::Engine& engine, ServerOptions options) {
  if (runtime::Status status = CheckOptions(options); !status.ok()) return tl::unexpected(std::move(status));
  runtime::Result<std::unique_ptr<Gate>> gate = std::make_unique<Gate>();
  if (options.access) gate = Gate::Open(options.access->store, options.access->clock);
  if (!gate) return tl::unexpected(std::move(gate.error()));
  if (runtime::Status status = CheckTokens(options, **gate); !status.ok()) return tl::unexpected(std::move(status));
  SetUpGrpc();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  auto server = std::make_unique<RpcServer>(engine, options, std::move(*gate));
  if (runtime::Status status = server->Listen(options.listen, options.tls); !status.ok()) return tl::unexpected(std::move(status));
  if (options.http) {
    if (runtime::Status status = server->OpenDoor(*options.http, options.tls); !status.ok()) return tl::unexpected(std::move(status));
  }
  return server;
}

}  // namespace stagecraft::server
