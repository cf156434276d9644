// What `serve` sends to the world outside.
#ifndef STAGECRAFT_CLI_SERVE_DELIVERIES_H_
#define STAGECRAFT_CLI_SERVE_DELIVERIES_H_

#include <memory>
#include <optional>

#include "cli/options.h"
#include "runtime/engine/engine.h"
#include "runtime/outbox/config.h"
#include "runtime/outbox/dispatcher.h"

namespace stagecraft::cli {

// The configuration that the options ask for; nothing: deliveries are kept. Files that it names are looked for in its own folder.
runtime::Result<std::optional<runtime::DeliveriesConfig>> ReadDeliveries(const ServeOptions& options);

// What sends, as long as it is there. Its parts go in their order.
struct Sending {
  std::unique_ptr<runtime::Channel> channel;
  std::unique_ptr<runtime::Dispatcher> dispatcher;
};

// Sends what the engine has to send. Without a configuration nothing is sent, and the log says so with the first delivery that stays.
std::unique_ptr<Sending> StartDeliveries(runtime::Engine& engine, std::optional<runtime::DeliveriesConfig> config,
                                         const runtime::Clock& clock, runtime::Random& random);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_SERVE_DELIVERIES_H_
