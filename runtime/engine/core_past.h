// The past of a core that nothing happens to meanwhile.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CORE_PAST_H_
#define STAGECRAFT_RUNTIME_ENGINE_CORE_PAST_H_

#include <cstddef>
#include <memory>

#include "runtime/engine/core.h"
#include "runtime/engine/history.h"

namespace stagecraft::runtime {

class CorePast final : public Past {
 public:
  // All that the core has decided must be committed. Both must outlive the past.
  // `cache_bytes`: as of History.
  CorePast(Core& core, Store& store, std::size_t cache_bytes = runtime::History::kCacheBytes) : core_(core), history_(store, cache_bytes) {}

  Status Read(const std::function<void(const View&)>& reader) override {
    reader(core_.view());
    return {};
  }
  Result<HistoryPage> History(std::string_view contact, Sequence from, std::uint32_t limit) override {
    return HistoryOf(*this, history_, contact, from, limit);
  }
  Result<Record> FindRecord(Sequence sequence) override { return history_.Find(sequence); }
  std::shared_ptr<const ir::Program> ProgramOf(std::uint32_t number) override { return core_.programs().Of(number); }

 private:
  Core& core_;
  runtime::History history_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CORE_PAST_H_
