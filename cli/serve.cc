#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <stdio_ext.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/serve_deliveries.h"
#include "cli/serve_http.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/compile.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/world.h"
#include "runtime/store/sqlite/access_file.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "server/log/log_format.h"
#include "server/server.h"

namespace stagecraft::cli {
namespace {

using runtime::Engine;
using runtime::Status;

// How often the engine's health is looked at while nothing else happens.
constexpr timespec kHealthInterval{1, 0};

// Says what the server does. That nobody reads it (any more) is no failure of the server: the words are dropped.
void Say(std::FILE* stream, const std::string& text) {
  if (std::fputs(text.c_str(), stream) >= 0 && std::fflush(stream) == 0) return;
  ::__fpurge(stream);
  std::clearerr(stream);
}

bool Unchanged(const std::vector<runtime::Revision>& revisions, const std::vector<TextFile>& scripts) {
  if (revisions.empty() || revisions.back().files.size() != scripts.size()) return false;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    const auto& running = revisions.back().files[i];
    if (running.name != scripts[i].name || running.text != scripts[i].text) return false;
  }
  return true;
}

// Tells what was found in the scripts. `fit`: they can run.
int TellFindings(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources, bool fit) {
  if (!diagnostics.empty()) Say(stderr, Render(diagnostics, sources, FindingsOn(stderr)));
  if (fit) return kDone;
  PrintError("the scripts have errors, so the server was not started");
  return kFailed;
}

// The scripts to deploy. Those with errors are refused here where no data folder is there yet: none is set up for them.
runtime::Result<std::vector<TextFile>> ReadScripts(const ServeOptions& options, int& code) {
  if (options.scripts.empty()) return std::vector<TextFile>();
  auto scripts = ReadProgram({options.scripts});
  std::error_code error;
  if (!scripts || std::filesystem::exists(options.data, error)) return scripts;
  std::vector<Source> sources;
  for (const TextFile& script : *scripts) sources.emplace_back(script.name, script.text);
  const CompileResult compiled = Compile(std::move(sources));
  if (compiled.program == nullptr) code = TellFindings(compiled.diagnostics, compiled.sources, false);
  return scripts;
}

// Deploys the scripts of `folder` unless they are the running ones.
int DeployScripts(Engine& engine, const std::string& folder, std::vector<TextFile> scripts) {
  if (Unchanged(engine.Revisions(), scripts)) return kDone;
  runtime::DeployRequest request;
  for (auto& script : scripts) request.files.push_back({std::move(script.name), std::move(script.text)});
  request.note = "serve --scripts";
  const auto deployed = engine.Deploy(request);
  if (!deployed) return ReportFailure(deployed.error());
  if (const int code = TellFindings(deployed->diagnostics, deployed->sources, deployed->revision != 0); code != kDone) return code;
  Say(stdout, OneLine(fmt::format("deployed {} as revision {}", folder, deployed->revision)) + "\n");
  return kDone;
}

// What to give to --server: the address with the port that was taken.
std::string Address(const std::string& listen, int port) {
  const auto colon = listen.rfind(':');
  return port == 0 ? listen : fmt::format("{}:{}", listen.substr(0, colon), port);
}

// What is said when all is ready.
std::string Listening(const ServeOptions& options, const server::ServerOptions& listen, const server::Server& server) {
  std::string said = fmt::format("listening on {}{}", Address(options.listen, server.port()), listen.tls ? " with TLS" : "");
  if (listen.http) said += fmt::format(", {}://{}", listen.tls ? "https" : "http", Address(listen.http->listen, server.http_port()));
  return said + fmt::format(", data in {}", options.data);
}

// Waits for SIGINT or SIGTERM, which must be blocked in every thread, or until the engine can no longer work.
Status WaitForTheEnd(const Engine& engine, const sigset_t& signals) {
  while (true) {
    if (sigtimedwait(&signals, nullptr, &kHealthInterval) > 0) return {};
    if (auto health = engine.Health(); !health.ok()) return health;
  }
}

// Each connection is a file, and a shell allows few by default. gRPC stops listening for good once it cannot open one.
void RaiseOpenFiles() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) spdlog::warn("no more than {} files can be open", files.rlim_cur);
}

// Standard output has what was asked for; the log is everything else.
void SetUpLog(const ServeOptions& options) {
  auto logger = std::make_shared<spdlog::logger>("stagecraft", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(server::NewLogFormatter(options.log_json ? server::LogFormat::kJson : server::LogFormat::kText));
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  logger->set_level(kLevels[static_cast<std::size_t>(options.log_level)]);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace

int Serve(const ServeOptions& options) {
  // Else the server would end with whoever reads what it prints.
  std::signal(SIGPIPE, SIG_IGN);
  SetUpLog(options);
  RaiseOpenFiles();
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts: they inherit it

  server::ServerOptions listen;
  listen.listen = options.listen;
  listen.insecure = options.insecure;
  auto http = ReadHttpOptions(options);
  if (!http) return ReportFailure(http.error());
  listen.http = std::move(*http);
  if (!options.tls_cert.empty()) listen.tls = server::TlsFiles{options.tls_cert, options.tls_key, options.tls_client_ca};
  if (const auto status = server::Server::Check(listen); !status.ok()) return ReportFailure(status);
  auto deliveries = ReadDeliveries(options);
  if (!deliveries) return ReportFailure(deliveries.error());
  int refused = kDone;
  auto scripts = ReadScripts(options, refused);
  if (!scripts) return ReportFailure(scripts.error());
  if (refused != kDone) return refused;
  auto store = runtime::OpenSqliteStore(options.data);
  if (!store) return ReportFailure(store.error());
  runtime::SystemClock clock;
  runtime::SystemRandom random;
  runtime::EngineOptions engine_options;
  if (*deliveries) engine_options.notification_routes = (*deliveries)->notification_routes;
  auto engine = Engine::Open(**store, clock, random, engine_options);
  if (!engine) return ReportFailure(engine.error());
  if (!options.scripts.empty()) {
    if (const int code = DeployScripts(**engine, options.scripts, std::move(*scripts)); code != kDone) return code;
  }
  auto access = runtime::OpenAccessFile(options.data);
  if (!access) return ReportFailure(access.error());
  listen.access.emplace(server::Access{**access, clock});
  auto server = server::Server::Start(**engine, listen);
  if (!server) return ReportFailure(server.error());
  Say(stdout, OneLine(Listening(options, listen, **server)) + "\n");

  auto sending = StartDeliveries(**engine, std::move(*deliveries), clock, random);
  const auto health = WaitForTheEnd(**engine, signals);
  if (health.ok()) Say(stdout, "stopping: finishing what was taken\n");
  (*server)->Drain(std::chrono::seconds(options.drain_seconds));
  server->reset();
  sending.reset();
  engine->reset();
  // What the log could not write: as with Say.
  std::clearerr(stderr);
  return health.ok() ? kDone : ReportFailure(health);
}

}  // namespace stagecraft::cli
