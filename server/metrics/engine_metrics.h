#ifndef STAGECRAFT_SERVER_METRICS_ENGINE_METRICS_H_
#define STAGECRAFT_SERVER_METRICS_ENGINE_METRICS_H_

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "runtime/engine/engine.h"

namespace stagecraft::server {

// What the engine does and holds, and what the process takes.
std::vector<prometheus::MetricFamily> CollectEngine(runtime::Engine& engine);
std::vector<prometheus::MetricFamily> CollectProcess(const std::string& version);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_METRICS_ENGINE_METRICS_H_
