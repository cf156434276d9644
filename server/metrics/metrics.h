// Figures for whoever watches over the server, in the text form that Prometheus reads.
#ifndef STAGECRAFT_SERVER_METRICS_METRICS_H_
#define STAGECRAFT_SERVER_METRICS_METRICS_H_

#include <memory>
#include <string>

#include "runtime/engine/engine.h"
#include "server/metrics/call_metrics.h"

namespace stagecraft::server {

// Thread-safe.
class Metrics {
 public:
  // `engine` must outlive it. `version`: of the server.
  Metrics(runtime::Engine& engine, const std::string& version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  CallMetrics& calls();
  // All of them as they are now. Takes some milliseconds.
  std::string Text() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_METRICS_METRICS_H_
