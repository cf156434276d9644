#include "server/rpc/change_feed.h"

#include <absl/strings/escaping.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "runtime/engine/view.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

constexpr std::string_view kCursorMark = "changes:";

}  // namespace

ChangeFeed::ChangeFeed(runtime::Engine& engine) : engine_(engine), thread_([this] { Run(); }) {
  engine_.WatchCommits([this](runtime::Sequence committed) {
    const std::lock_guard lock(mutex_);
    committed_ = committed;
    if (watches_.empty()) return;
    woken_ = true;
    wake_.notify_one();
  });
}

ChangeFeed::~ChangeFeed() {
  engine_.WatchCommits(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

runtime::Status ChangeFeed::Add(std::shared_ptr<Watch> watch) {
  {
    const std::lock_guard lock(mutex_);
    if (draining_) return Stopping();
    if (watches_.size() >= limits::kWatchesMax) {
      return {runtime::StatusCode::kResourceExhausted,
              "TOO_MANY_STREAMS",
              "there are " + std::to_string(limits::kWatchesMax) + " watching streams already; end one, or try again later",
              {}};
    }
    watches_.push_back(std::move(watch));
  }
  Wake();
  return {};
}

void ChangeFeed::Remove(const Watch& watch) {
  const std::lock_guard lock(mutex_);
  watches_.erase(std::remove_if(watches_.begin(), watches_.end(), [&](const auto& each) { return each.get() == &watch; }), watches_.end());
}

void ChangeFeed::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_one();
}

void ChangeFeed::Drain() {
  std::vector<std::shared_ptr<Watch>> watches;
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    watches = watches_;
  }
  for (const auto& watch : watches) watch->End(Stopping());
}

void ChangeFeed::Run() {
  bool goes_on = false;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!goes_on) wake_.wait_for(lock, limits::kWatchTick, [this] { return woken_ || stopping_; });
      if (stopping_) return;
      woken_ = false;
      durable_ = committed_;
    }
    goes_on = Round();
  }
}

bool ChangeFeed::Round() {
  std::vector<std::shared_ptr<Watch>> watches;
  {
    const std::lock_guard lock(mutex_);
    watches = watches_;
  }
  if (watches.empty()) {
    records_.clear();
    return false;
  }
  if (durable_ == 0) {
    // Nothing has been committed since the server was started.
    static_cast<void>(engine_.Read([this](const runtime::View& view) { durable_ = view.stats().last_sequence; }));
    const std::lock_guard lock(mutex_);
    committed_ = std::max(committed_, durable_);
  }
  const auto now = std::chrono::steady_clock::now();
  const bool ticks = now - ticked_at_ >= limits::kWatchTick;
  if (ticks) ticked_at_ = now;
  bool goes_on = false;
  for (const auto& watch : watches) {
    watch->Changed();
    if (ticks) watch->Tick(now);
    const runtime::Sequence from = watch->Wants();
    if (from == 0 || from > durable_) continue;
    const std::span<const runtime::Record> records = Read(from);
    if (records.empty()) {
      watch->End({runtime::StatusCode::kInternal, "INTERNAL", "the journal cannot be read; the server's log says why", {}});
      continue;
    }
    watch->Offer(records);
    const runtime::Sequence next = watch->Wants();
    goes_on = goes_on || (next != 0 && next <= durable_);
  }
  return goes_on;
}

std::span<const runtime::Record> ChangeFeed::Read(runtime::Sequence from) {
  if (records_.empty() || from < records_.front().sequence || from > records_.back().sequence) {
    records_.clear();
    const runtime::Sequence to = std::min(durable_, from + limits::kWatchRecordsMax - 1);
    auto read = engine_.Records(to, static_cast<std::uint32_t>(to - from + 1));
    if (!read) {
      spdlog::error("watching: the records from {} on cannot be read: {}", from, read.error().reason);
      return {};
    }
    records_ = std::move(*read);
    std::reverse(records_.begin(), records_.end());
  }
  const auto first = std::find_if(records_.begin(), records_.end(), [from](const auto& record) { return record.sequence >= from; });
  return {first, records_.end()};
}

std::string MakeCursor(runtime::Sequence next) { return absl::WebSafeBase64Escape(std::string(kCursorMark) + std::to_string(next)); }

runtime::Result<runtime::Sequence> ReadCursor(std::string_view cursor) {
  std::string text;
  const bool is_one =
      absl::WebSafeBase64Unescape(absl::string_view(cursor.data(), cursor.size()), &text) && text.rfind(kCursorMark, 0) == 0;
  const auto next = is_one ? NumberIn<runtime::Sequence>(std::string_view(text).substr(kCursorMark.size())) : std::nullopt;
  if (next && *next > 0) return *next;
  return tl::unexpected(InvalidField("cursor", "INVALID_CURSOR", "`cursor` is none; expected the `cursor` of an answer, or nothing"));
}

}  // namespace stagecraft::server
