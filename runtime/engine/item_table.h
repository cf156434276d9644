// What was made for contacts and may change afterwards (tasks, deals, deliveries …): in the order of their ids, that is, of their
// creation, each with a mark for the checkpoint.
#ifndef STAGECRAFT_RUNTIME_ENGINE_ITEM_TABLE_H_
#define STAGECRAFT_RUNTIME_ENGINE_ITEM_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "runtime/model/dispatch.h"
#include "runtime/model/effect.h"
#include "runtime/model/failure.h"

namespace stagecraft::runtime {

// `Item` has an `id` of its own, larger than those of all items before it.
template <typename Item>
class ItemTable {
 public:
  const std::vector<Item>& all() const { return items_; }
  std::size_t size() const { return items_.size(); }
  const Item& operator[](std::size_t place) const { return items_[place]; }
  // 0: there is none.
  std::int64_t last_id() const { return items_.empty() ? 0 : items_.back().id; }

  void Add(Item item) { items_.push_back(std::move(item)); }
  // Empties `items`.
  void AddAll(std::vector<Item>& items) {
    items_.insert(items_.end(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
    items.clear();
  }

  // nullptr: there is none.
  const Item* Find(std::int64_t id) const {
    const std::size_t place = PlaceOf(id);
    return place < items_.size() ? &items_[place] : nullptr;
  }
  // The item, for a change: it goes into the next checkpoint again. nullptr: there is none.
  Item* Change(std::int64_t id) {
    const std::size_t place = PlaceOf(id);
    if (place == items_.size()) return nullptr;
    if (changed_.empty() || changed_.back() != place) changed_.push_back(place);
    return &items_[place];
  }
  // Calls `change(item)` for each item of the contact; they go into the next checkpoint again.
  template <typename Apply>
  void ChangeOf(std::uint32_t contact, const Apply& change) {
    for (std::size_t place = 0; place < items_.size(); ++place) {
      if (items_[place].contact != contact) continue;
      change(items_[place]);
      changed_.push_back(place);
    }
  }
  // The places of the items that were changed since the last call, ascending, each once.
  std::vector<std::size_t> TakeChanged() {
    std::vector<std::size_t> changed = std::exchange(changed_, {});
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    return changed;
  }

 private:
  // size(): there is none.
  std::size_t PlaceOf(std::int64_t id) const {
    const auto found =
        std::lower_bound(items_.begin(), items_.end(), id, [](const Item& item, std::int64_t value) { return item.id < value; });
    if (found == items_.end() || found->id != id) return items_.size();
    return static_cast<std::size_t>(found - items_.begin());
  }

  std::vector<Item> items_;
  std::vector<std::size_t> changed_;
};

// All that records make beside their contact's state.
struct Items {
  ItemTable<Task> tasks;
  ItemTable<Notification> notifications;
  ItemTable<Deal> deals;
  ItemTable<Delivery> deliveries;
  ItemTable<Dispatch> dispatches;
  ItemTable<Failure> failures;

  // What was made for `contact` is `into`'s from now on.
  void Move(std::uint32_t contact, std::uint32_t into);
  // The failure turned out to be of the contact.
  void GiveFailure(std::int64_t id, std::uint32_t contact);
  // Forgets all that was made for `contact` but that it was made.
  void Blank(std::uint32_t contact);
};

// An effect kNotificationRead of a record of `at`. Of a contact that is erased by now there may be nothing to mark.
void FoldReading(const Effect& effect, Micros at, ItemTable<Notification>& notifications);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_ITEM_TABLE_H_
