// Reads a contact's records back from the journal, newest first. Thread-safe.
#ifndef STAGECRAFT_RUNTIME_ENGINE_HISTORY_H_
#define STAGECRAFT_RUNTIME_ENGINE_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/model/record.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class History {
 public:
  // Neighbours in a chain often stand in one row. More than this pays only for who reads all chains.
  static constexpr std::size_t kCacheBytes = 1U << 20;

  // `cache_bytes`: of rows that it keeps in memory, besides the one last read.
  explicit History(Store& store, std::size_t cache_bytes = kCacheBytes) : store_(store), cache_bytes_(cache_bytes) {}

  // The record `sequence`: NOT_FOUND when there is none, DATA_LOSS when its row is damaged.
  Result<Record> Find(Sequence sequence);
  // Records of a contact whose last one is `head`, newest first, from `from` on, at most `limit`. `took_over`: with those of the contacts
  // that were merged into it.
  Result<HistoryPage> Page(Sequence head, Sequence from, std::uint32_t limit, bool took_over);
  // Forgets what it has read: records have been replaced.
  void Forget();
  // The record `from` and those before it, of whatever contact, newest first, at most `limit`.
  Result<std::vector<Record>> Before(Sequence from, std::uint32_t limit);
  // Calls `visit` for the records from `from` down to the first one, until it returns false.
  Status Back(Sequence from, const std::function<bool(const Record&)>& visit);

 private:
  // Packed: who wants a record seldom wants its neighbours.
  struct Row {
    Sequence first = 0;
    std::string bytes;
    std::vector<std::uint32_t> offsets;  // of its records
  };
  Result<HistoryPage> Chain(Sequence from, std::uint32_t limit);
  Result<HistoryPage> Chains(Sequence head, Sequence from, std::uint32_t limit);
  Result<std::shared_ptr<const Row>> RowOf(Sequence sequence);
  std::shared_ptr<const Row> Cached(Sequence sequence);
  static Status Unpack(const Row& row, Sequence sequence, Record& out);

  Store& store_;
  const std::size_t cache_bytes_;
  std::mutex mutex_;                                     // guards what follows
  std::map<Sequence, std::shared_ptr<const Row>> rows_;  // by their first record
  std::deque<Sequence> read_;                            // the same, in the order in which they were read
  std::size_t bytes_ = 0;                                // of them
};

// Past::History, for those who have the state and a History.
Result<HistoryPage> HistoryOf(Past& past, History& history, std::string_view contact, Sequence from, std::uint32_t limit);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_HISTORY_H_
