// token create, list, revoke: on the data folder itself, also while a server runs on it.
#include "server/auth/token.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "cli/failure.h"
#include "cli/period.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/engine/world.h"
#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/access_file.h"
#include "server/auth/audit_log.h"

namespace stagecraft::cli {
namespace {

using runtime::AccessToken;
using runtime::Micros;

// Who may call is said before the server is started for the first time: it would refuse to listen.
runtime::Status MakeFolder(const std::string& data) {
  std::error_code error;
  if (std::filesystem::is_directory(data, error)) return {};
  if (std::filesystem::create_directory(data, error)) {
    PrintNote(fmt::format("made the data folder {}, for `stagecraft serve --data {}`", data, data));
    return {};
  }
  return {runtime::StatusCode::kFailedPrecondition,
          runtime::reasons::kStoreNotWritable,
          fmt::format("the data folder `{}` cannot be made: {}", data, error ? error.message() : "there is a file of that name"),
          {}};
}

runtime::Result<std::unique_ptr<runtime::AccessStore>> Open(const std::string& data) {
  std::error_code error;
  if (!std::filesystem::is_directory(data, error)) {
    return runtime::Fail(runtime::StatusCode::kNotFound, "DATA_FOLDER_NOT_FOUND",
                         fmt::format("there is no data folder `{}`; say which with --data, or make it with `stagecraft serve`", data));
  }
  return runtime::OpenAccessFile(data);
}

// What the command line does is in the audit log, too.
runtime::Status Note(runtime::AccessStore& store, const runtime::Clock& clock, const char* method, const std::string& token) {
  runtime::AuditEntry entry;
  entry.method = method;
  entry.resource = "tokens/" + token;
  entry.address = "command line";
  return server::AuditLog(store, clock).Record(std::move(entry));
}

std::string TimeOf(Micros at, const char* never) {
  return at == 0 ? never : absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMicros(at), absl::LocalTimeZone());
}

const char* StateOf(const AccessToken& token, Micros now) {
  if (token.revoked_at != 0) return "revoked";
  return server::IsInForce(token, now) ? "in force" : "expired";
}

// A new file that nobody else may read.
runtime::Status WriteSecret(const std::string& path, const std::string& secret) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const std::string line = secret + "\n";
  const bool is_written = descriptor != -1 && ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int error = errno;
  if (descriptor != -1) ::close(descriptor);
  if (is_written) return {};
  return {runtime::StatusCode::kUnavailable,
          "CANNOT_WRITE",
          fmt::format("cannot make `{}`: {}", path, std::generic_category().message(error)),
          {}};
}

// The lifetime that was asked for; nothing, with a message printed, when it is none.
std::optional<Micros> LifetimeOf(const std::string& expires, Micros now) {
  if (expires == "never") return 0;
  const auto at = Later(absl::FromUnixMicros(now), expires.empty() ? "90d" : expires);
  if (at) return absl::ToUnixMicros(*at) - now;
  PrintError(fmt::format("`--expires` is `{}`, which is no length of time", expires), std::string(kPeriodAdvice) + ", or `never`");
  return std::nullopt;
}

}  // namespace

int TokenCreate(const TokenCreateOptions& options) {
  const runtime::SystemClock clock;
  const Micros now = clock.Now();
  const auto role = server::RoleOf(options.role);
  if (!role) {
    PrintError(fmt::format("`{}` is no role; expected viewer, service, author or admin", options.role));
    return kFailed;
  }
  const auto lifetime = LifetimeOf(options.expires, now);
  if (!lifetime) return kFailed;
  auto made = server::MakeToken({options.holder, *role, options.calls_per_second, *lifetime, options.scope}, now);
  if (!made) return ReportFailure(made.error());
  if (const auto status = MakeFolder(options.data); !status.ok()) return ReportFailure(status);
  auto store = Open(options.data);
  if (!store) return ReportFailure(store.error());
  // First where it cannot be lost: a secret that nobody has is worth nothing.
  if (!options.output.empty()) {
    if (const auto status = WriteSecret(options.output, made->secret); !status.ok()) return ReportFailure(status);
  }
  if (const auto status = (*store)->AddToken(made->token); !status.ok()) return ReportFailure(status);
  if (const auto status = Note(**store, clock, "token create", made->token.id); !status.ok()) return ReportFailure(status);
  if (options.output.empty()) PrintLine(stdout, made->secret);
  PrintNote(fmt::format("token {} of {}, {}, {}", made->token.id, made->token.holder, made->token.role,
                        made->token.expires_at == 0 ? "for ever" : "until " + TimeOf(made->token.expires_at, "")));
  return kDone;
}

int TokenList(const TokenListOptions& options) {
  const runtime::SystemClock clock;
  auto store = Open(options.data);
  if (!store) return ReportFailure(store.error());
  const auto tokens = (*store)->ReadTokens();
  if (!tokens) return ReportFailure(tokens.error());
  const Micros now = clock.Now();
  Table table({"id", "holder", "role", "contacts", "calls a second", "created", "expires", "state"});
  auto json = nlohmann::ordered_json::array();
  const auto time = [](Micros at) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMicros(at), absl::UTCTimeZone()); };
  for (const AccessToken& token : *tokens) {
    table.Add({token.id, token.holder, token.role, token.scope.empty() ? "all" : token.scope,
               token.calls_per_second == 0 ? Cell("any") : Cell(token.calls_per_second), TimeOf(token.created_at, ""),
               TimeOf(token.expires_at, "never"), StateOf(token, now)});
    nlohmann::ordered_json each = {{"id", token.id},
                                   {"holder", token.holder},
                                   {"role", token.role},
                                   {"callsPerSecond", token.calls_per_second},
                                   {"createTime", time(token.created_at)},
                                   {"state", StateOf(token, now)}};
    if (!token.scope.empty()) each["scope"] = token.scope;
    if (token.expires_at != 0) each["expireTime"] = time(token.expires_at);
    if (token.revoked_at != 0) each["revokeTime"] = time(token.revoked_at);
    json.push_back(std::move(each));
  }
  if (options.json) {
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else if (table.empty()) {
    PrintNote("there are no tokens: whoever reaches the server may do everything");
  } else {
    fmt::print("{}", table.Text({TerminalWidth(), HasColour(stdout)}));
  }
  return kDone;
}

int TokenRevoke(const TokenRevokeOptions& options) {
  const runtime::SystemClock clock;
  auto store = Open(options.data);
  if (!store) return ReportFailure(store.error());
  if (const auto status = (*store)->RevokeToken(options.id, clock.Now()); !status.ok()) return ReportFailure(status);
  if (const auto status = Note(**store, clock, "token revoke", options.id); !status.ok()) return ReportFailure(status);
  PrintLine(stdout, fmt::format("token {} is revoked", options.id));
  return kDone;
}

}  // namespace stagecraft::cli
