#include "runtime/engine/item_table.h"

namespace stagecraft::runtime {

void Items::Move(std::uint32_t contact, std::uint32_t into) {
  const auto move = [into](auto& item) { item.contact = into; };
  tasks.ChangeOf(contact, move);
  notifications.ChangeOf(contact, move);
  deals.ChangeOf(contact, move);
  deliveries.ChangeOf(contact, move);
  dispatches.ChangeOf(contact, move);
  failures.ChangeOf(contact, move);
}

void Items::GiveFailure(std::int64_t id, std::uint32_t contact) {
  if (Failure* failure = failures.Change(id)) failure->contact = contact;
}

void Items::Blank(std::uint32_t contact) {
  const auto blank = [contact]<typename Item>(Item& item) {
    const std::int64_t id = item.id;
    item = Item();
    item.id = id;
    item.contact = contact;
  };
  tasks.ChangeOf(contact, blank);
  notifications.ChangeOf(contact, blank);
  deals.ChangeOf(contact, blank);
  deliveries.ChangeOf(contact, blank);
  dispatches.ChangeOf(contact, blank);
  failures.ChangeOf(contact, blank);
  failures.ChangeOf(contact, [](Failure& failure) { failure.is_closed = true; });
  // There is nobody to send it to.
  dispatches.ChangeOf(contact, [](Dispatch& dispatch) { dispatch.state = DispatchState::kDead; });
}

void FoldReading(const Effect& effect, Micros at, ItemTable<Notification>& notifications) {
  if (Notification* notification = notifications.Change(effect.number)) notification->read_at = effect.detail != 0 ? at : 0;
}

}  // namespace stagecraft::runtime
