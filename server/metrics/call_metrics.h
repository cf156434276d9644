// Calls by their methods, under the names that gRPC servers commonly use (go-grpc-middleware, providers/prometheus).
#ifndef STAGECRAFT_SERVER_METRICS_CALL_METRICS_H_
#define STAGECRAFT_SERVER_METRICS_CALL_METRICS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace prometheus {
class Registry;
}

namespace stagecraft::server {

enum class CallType : std::uint8_t { kUnary, kClientStream, kServerStream, kBidiStream };

// Of one method. Thread-safe.
class MethodMetrics {
 public:
  virtual ~MethodMetrics() = default;
  virtual void Started() = 0;
  virtual void Received() = 0;  // a message
  virtual void Sent() = 0;
  virtual void Handled(int code, double seconds) = 0;  // code: google.rpc.Code
};

// Thread-safe.
class CallMetrics {
 public:
  explicit CallMetrics(prometheus::Registry& registry);
  ~CallMetrics();
  CallMetrics(const CallMetrics&) = delete;
  CallMetrics& operator=(const CallMetrics&) = delete;

  // Of `/stagecraft.v1.EventService/PublishEvent`; the same each time, as long as this lives. What is asked for must be methods that there
  // are: each is kept.
  MethodMetrics& Of(std::string_view path, CallType type);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_METRICS_CALL_METRICS_H_
