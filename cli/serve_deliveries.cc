#include "cli/serve_deliveries.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "cli/files.h"
#include "dsl/support/show.h"
#include "runtime/engine/view.h"
#include "runtime/import/toml.h"
#include "runtime/outbox/curl/curl_channel.h"
#include "runtime/outbox/dry_channel.h"

namespace stagecraft::cli {
namespace {

using runtime::DeliveriesConfig;
using runtime::Result;
using runtime::Status;

// A secret is a line.
constexpr std::size_t kSecretBytesMax = 4096;

std::string Beside(const std::string& file, const std::string& path) { return (std::filesystem::path(file).parent_path() / path).string(); }

void SayThatTheyStay() {
  spdlog::warn("deliveries are kept and not sent: there is no --deliveries FILE that says where they go (see docs/deliveries.md)");
}

// Nobody sends: says so, once, when there is the first that would be sent.
void WarnOfTheFirst(runtime::Engine& engine) {
  bool has_some = false;
  const Status status = engine.Read([&](const runtime::View& view) {
    const auto& counts = view.stats().dispatches;
    has_some = counts[static_cast<std::size_t>(runtime::DispatchState::kPending)] +
                   counts[static_cast<std::size_t>(runtime::DispatchState::kWaiting)] >
               0;
  });
  if (!status.ok()) return;
  if (has_some) return SayThatTheyStay();
  engine.WatchDispatches([said = false](std::span<const std::int64_t>) mutable {
    if (!std::exchange(said, true)) SayThatTheyStay();
  });
}

}  // namespace

Result<std::optional<DeliveriesConfig>> ReadDeliveries(const ServeOptions& options) {
  std::optional<DeliveriesConfig> config;
  if (!options.deliveries.empty()) {
    const auto file = ReadFile(options.deliveries, runtime::kTomlBytesMax);
    if (!file) return tl::unexpected<Status>(file.error());
    const runtime::SecretSources secrets{[&](const std::string& path) -> Result<std::string> {
                                           auto secret = ReadFile(Beside(options.deliveries, path), kSecretBytesMax);
                                           if (!secret) return tl::unexpected<Status>(secret.error());
                                           return std::move(secret->text);
                                         },
                                         [](const std::string& name) -> std::optional<std::string> {
                                           const char* value = std::getenv(name.c_str());
                                           return value == nullptr ? std::nullopt : std::optional<std::string>(value);
                                         }};
    auto parsed = runtime::ParseDeliveries(file->name, file->text, secrets);
    if (!parsed) return tl::unexpected<Status>(parsed.error());
    config = std::move(*parsed);
    if (!config->ca_file.empty()) config->ca_file = Beside(options.deliveries, config->ca_file);
  }
  if (options.dry_deliveries) {
    if (!config) config.emplace();
    config->dry = true;
  }
  return config;
}

std::unique_ptr<Sending> StartDeliveries(runtime::Engine& engine, std::optional<DeliveriesConfig> config, const runtime::Clock& clock,
                                         runtime::Random& random) {
  auto sending = std::make_unique<Sending>();
  if (!config) {
    WarnOfTheFirst(engine);
    return sending;
  }
  runtime::DispatcherOptions options;
  options.outbox = config->outbox;
  options.concurrency = config->concurrency;
  options.warn = [](const std::string& line) { spdlog::warn("{}", OneLine(line)); };
  if (config->dry) {
    sending->channel = std::make_unique<runtime::DryChannel>([](const std::string& line) { spdlog::info("{}", line); });
  } else {
    sending->channel = runtime::NewCurlChannel(std::move(*config), clock);
  }
  sending->dispatcher = runtime::Dispatcher::Start(engine, *sending->channel, clock, random, std::move(options));
  return sending;
}

}  // namespace stagecraft::cli
