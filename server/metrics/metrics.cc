#include "server/metrics/metrics.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>
#include <vector>

#include "server/metrics/engine_metrics.h"

namespace stagecraft::server {

struct Metrics::Parts {
  Parts(runtime::Engine& of, const std::string& is) : engine(of), version(is), calls(registry) {}

  runtime::Engine& engine;
  const std::string version;
  prometheus::Registry registry;
  CallMetrics calls;
};

Metrics::Metrics(runtime::Engine& engine, const std::string& version) : parts_(std::make_unique<Parts>(engine, version)) {}
Metrics::~Metrics() = default;

CallMetrics& Metrics::calls() { return parts_->calls; }

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> all = parts_->registry.Collect();
  for (auto& more : {CollectEngine(parts_->engine), CollectProcess(parts_->version)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace stagecraft::server
