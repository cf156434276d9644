#include "server/auth/gate.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <utility>

#include "dsl/support/show.h"
#include "runtime/model/reasons.h"
#include "server/auth/token.h"

namespace stagecraft::server {
namespace {

namespace reasons = runtime::reasons;
using runtime::Status;
using runtime::StatusCode;

constexpr std::chrono::seconds kFollowInterval{1};

// So many calls a second on average, and as many at once after a second's rest. Thread-safe.
class Bucket {
 public:
  explicit Bucket(std::int64_t per_second) : per_second_(static_cast<double>(per_second)), left_(per_second_) {}

  bool Take() {
    if (per_second_ == 0) return true;
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    left_ = std::min(per_second_, left_ + std::chrono::duration<double>(now - at_).count() * per_second_);
    at_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

  double per_second() const { return per_second_; }

 private:
  const double per_second_;
  std::mutex mutex_;
  double left_;
  std::chrono::steady_clock::time_point at_ = std::chrono::steady_clock::now();
};

// The secret of `Bearer sc_…`; the word may be written in any case.
std::optional<std::string_view> SecretOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  const auto same = [](char lower, char c) { return lower == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c); };
  if (!std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), same)) return std::nullopt;
  return authorization.substr(kScheme.size());
}

tl::unexpected<Status> NotKnown(runtime::Reason reason, std::string message) {
  return runtime::Fail(StatusCode::kUnauthenticated, reason, std::move(message));
}

}  // namespace

struct Gate::Entry {
  runtime::AccessToken token;
  std::shared_ptr<const Caller> caller;
  std::shared_ptr<Bucket> bucket;
};

struct Gate::Table {
  std::unordered_map<std::string, Entry> by_hash;
  std::int64_t version = 0;
};

Gate::Gate() : anybody_(std::make_shared<Caller>()), table_(std::make_shared<Table>()) {}

Gate::Gate(runtime::AccessStore& store, const runtime::Clock& clock) : Gate() {
  store_ = &store;
  clock_ = &clock;
}

runtime::Result<std::unique_ptr<Gate>> Gate::Open(runtime::AccessStore& store, const runtime::Clock& clock) {
  std::unique_ptr<Gate> gate(new Gate(store, clock));
  if (Status status = gate->Load(); !status.ok()) return tl::unexpected(std::move(status));
  gate->follower_ = std::thread([gate = gate.get()] { gate->Follow(); });
  return gate;
}

Gate::~Gate() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  if (follower_.joinable()) follower_.join();
}

std::shared_ptr<const Gate::Table> Gate::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

Status Gate::Load() {
  // First the version: what is written in between is seen the next time.
  auto version = store_->Version();
  if (!version) return std::move(version.error());
  const std::shared_ptr<const Table> old = table();
  if (*version == old->version) return {};
  auto tokens = store_->ReadTokens();
  if (!tokens) return std::move(tokens.error());
  auto fresh = std::make_shared<Table>();
  fresh->version = *version;
  for (runtime::AccessToken& token : *tokens) {
    const std::optional<Role> role = RoleOf(token.role);
    if (!role) {
      spdlog::error("token {} has the role `{}`, which this version does not know: it is not let in", token.id, token.role);
      token.revoked_at = token.created_at;
    }
    const auto before = old->by_hash.find(token.secret_hash);
    auto bucket = before == old->by_hash.end() ? std::make_shared<Bucket>(token.calls_per_second) : before->second.bucket;
    auto caller = std::make_shared<const Caller>(Caller{token.holder, token.id, role.value_or(Role::kViewer), token.scope});
    std::string hash = token.secret_hash;
    fresh->by_hash.emplace(std::move(hash), Entry{std::move(token), std::move(caller), std::move(bucket)});
  }
  const std::lock_guard lock(mutex_);
  table_ = std::move(fresh);
  return {};
}

void Gate::Follow() {
  std::string told;
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, kFollowInterval, [this] { return is_stopping_; })) {
    lock.unlock();
    const Status status = Load();
    if (!status.ok() && status.message != told)
      spdlog::error("the tokens cannot be read; those of before stay in force: {}", status.message);
    told = status.message;
    lock.lock();
  }
}

Status CheckPermission(const Caller& caller, const Permission& permission) {
  if (caller.role >= permission.role) {
    if (caller.scope.empty() || permission.reach != Reach::kAll) return {};
    return {StatusCode::kPermissionDenied,
            reasons::kOutOfScope,
            "`" + std::string(permission.method) + "` is about more than the contacts that the token of `" + CutBytes(caller.holder, 64) +
                "` is for; use a token without a scope",
            {}};
  }
  return {StatusCode::kPermissionDenied,
          reasons::kRoleTooLow,
          "`" + std::string(permission.method) + "` needs the role " + std::string(NameOf(permission.role)) + "; the token of `" +
              CutBytes(caller.holder, 64) + "` has " + std::string(NameOf(caller.role)),
          {}};
}

bool Gate::HasTokenInForce() const {
  const std::shared_ptr<const Table> all = table();
  return std::any_of(all->by_hash.begin(), all->by_hash.end(),
                     [this](const auto& each) { return IsInForce(each.second.token, clock_->Now()); });
}

runtime::Result<const Gate::Entry*> Gate::Find(const Table& all, std::string_view authorization) const {
  const std::optional<std::string_view> secret = SecretOf(authorization);
  if (!secret) {
    return NotKnown(
        reasons::kTokenMissing,
        "this server wants to know who calls: send a token as `authorization: Bearer sc_…` (on the command line: --token-file, or "
        "STAGECRAFT_TOKEN); `stagecraft token create` makes one");
  }
  const auto found = all.by_hash.find(Sha256(*secret));
  if (found == all.by_hash.end()) {
    return NotKnown(reasons::kTokenUnknown, "the token is none of this server's; `stagecraft token create` on its machine makes one");
  }
  const Entry& entry = found->second;
  if (Status status = CheckInForce(entry.token); !status.ok()) return tl::unexpected(std::move(status));
  return &entry;
}

Status Gate::CheckInForce(const runtime::AccessToken& token) const {
  if (token.revoked_at != 0) return {StatusCode::kUnauthenticated, reasons::kTokenRevoked, "token " + token.id + " was revoked"};
  if (!IsInForce(token, clock_->Now())) return {StatusCode::kUnauthenticated, reasons::kTokenExpired, "token " + token.id + " has expired"};
  return {};
}

Status Gate::CheckCaller(const Caller& caller) const {
  if (caller.token.empty()) return {};
  const std::shared_ptr<const Table> all = table();
  for (const auto& [hash, entry] : all->by_hash) {
    if (entry.token.id == caller.token) return CheckInForce(entry.token);
  }
  return {StatusCode::kUnauthenticated, reasons::kTokenUnknown, "token " + caller.token + " is none of this server's any more"};
}

runtime::Status Gate::CheckToken(std::string_view authorization) const {
  const std::shared_ptr<const Table> all = table();
  if (all->by_hash.empty()) return {};
  const auto entry = Find(*all, authorization);
  return entry ? Status() : entry.error();
}

runtime::Result<std::shared_ptr<const Caller>> Gate::Identify(std::string_view authorization) {
  const std::shared_ptr<const Table> all = table();
  if (all->by_hash.empty()) return anybody_;
  const auto found = Find(*all, authorization);
  if (!found) return tl::unexpected(found.error());
  const Entry& entry = **found;
  if (!entry.bucket->Take()) {
    return runtime::Fail(StatusCode::kResourceExhausted, reasons::kTooManyCallsOfToken,
                         "the token of `" + CutBytes(entry.caller->holder, 64) + "` may make " +
                             std::to_string(entry.token.calls_per_second) + " calls a second; wait a moment");
  }
  return entry.caller;
}

}  // namespace stagecraft::server
