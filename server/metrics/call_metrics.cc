#include "server/metrics/call_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/labels.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

namespace stagecraft::server {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::Labels;

constexpr const char* kTypes[] = {"unary", "client_stream", "server_stream", "bidi_stream"};

// As gRPC spells google.rpc.Code in figures.
constexpr std::array<const char*, 17> kCodes = {"OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
                                                "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
                                                "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
                                                "DataLoss", "Unauthenticated"};

const Histogram::BucketBoundaries& Seconds() {
  static const Histogram::BucketBoundaries bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return bounds;
}

class Method final : public MethodMetrics {
 public:
  Method(Labels labels, Family<Counter>& started, Family<Counter>& received, Family<Counter>& sent, Family<Counter>& handled,
         Family<Histogram>& seconds)
      : labels_(std::move(labels)),
        started_(started.Add(labels_)),
        received_(received.Add(labels_)),
        sent_(sent.Add(labels_)),
        handled_(handled),
        seconds_(seconds.Add(labels_, Seconds())) {}

  void Started() override { started_.Increment(); }
  void Received() override { received_.Increment(); }
  void Sent() override { sent_.Increment(); }
  void Handled(int code, double seconds) override {
    CounterOf(code >= 0 && static_cast<std::size_t>(code) < kCodes.size() ? static_cast<std::size_t>(code) : 2).Increment();
    seconds_.Observe(seconds);
  }

 private:
  Counter& CounterOf(std::size_t code) {
    Counter* known = by_code_[code].load(std::memory_order_acquire);
    if (known != nullptr) return *known;
    Labels labels = labels_;
    labels["grpc_code"] = kCodes[code];
    Counter& added = handled_.Add(labels);  // the same one when two threads come here
    by_code_[code].store(&added, std::memory_order_release);
    return added;
  }

  const Labels labels_;
  Counter& started_;
  Counter& received_;
  Counter& sent_;
  Family<Counter>& handled_;
  Histogram& seconds_;
  std::array<std::atomic<Counter*>, kCodes.size()> by_code_{};
};

Family<Counter>& AddCounter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

struct CallMetrics::Families {
  explicit Families(prometheus::Registry& registry)
      : started(AddCounter(registry, "grpc_server_started_total", "Calls that began.")),
        received(AddCounter(registry, "grpc_server_msg_received_total", "Messages that came in.")),
        sent(AddCounter(registry, "grpc_server_msg_sent_total", "Messages that went out.")),
        handled(AddCounter(registry, "grpc_server_handled_total", "Calls that ended, by how they did.")),
        seconds(prometheus::BuildHistogram()
                    .Name("grpc_server_handling_seconds")
                    .Help("How long calls took, from their beginning to their end.")
                    .Register(registry)) {}

  Family<Counter>& started;
  Family<Counter>& received;
  Family<Counter>& sent;
  Family<Counter>& handled;
  Family<Histogram>& seconds;
  std::mutex mutex;  // guards methods
  std::map<std::string, Method, std::less<>> methods;
};

CallMetrics::CallMetrics(prometheus::Registry& registry) : families_(std::make_unique<Families>(registry)) {}
CallMetrics::~CallMetrics() = default;

MethodMetrics& CallMetrics::Of(std::string_view path, CallType type) {
  const std::lock_guard lock(families_->mutex);
  const auto known = families_->methods.find(path);
  if (known != families_->methods.end()) return known->second;
  const std::size_t slash = path.rfind('/');
  const Labels labels = {{"grpc_service", std::string(path.substr(1, slash - 1))},
                         {"grpc_method", std::string(path.substr(slash + 1))},
                         {"grpc_type", kTypes[static_cast<std::size_t>(type)]}};
  Families& all = *families_;
  return all.methods.try_emplace(std::string(path), labels, all.started, all.received, all.sent, all.handled, all.seconds).first->second;
}

}  // namespace stagecraft::server
