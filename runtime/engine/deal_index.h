// The deals of each contact, and what records do to them.
#ifndef STAGECRAFT_RUNTIME_ENGINE_DEAL_INDEX_H_
#define STAGECRAFT_RUNTIME_ENGINE_DEAL_INDEX_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "runtime/engine/item_table.h"
#include "runtime/exec/executor.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

class DealIndex final : public DealSource {
 public:
  // `deals` must outlive the index.
  explicit DealIndex(ItemTable<Deal>& deals) : deals_(deals) {}

  void DealsOf(std::uint32_t contact, std::vector<Deal>& out) const override;

  // Takes in a deal of the checkpoint.
  void Add(Deal deal);
  // The deals of the contact are those of `into` from now on; that is in the table already.
  void Move(std::uint32_t contact, std::uint32_t into);
  // Makes what the record says of deals so; what a deal has of it already stays as it is.
  void Take(const Record& record);

 private:
  void Apply(const Record& record, const Effect& effect, Deal& deal);

  ItemTable<Deal>& deals_;
  std::unordered_map<std::uint32_t, std::vector<std::int64_t>> ids_;  // by contact, ascending
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_DEAL_INDEX_H_
