// All that a state is, to be compared.
#ifndef STAGECRAFT_TESTS_FAULT_DIGEST_H_
#define STAGECRAFT_TESTS_FAULT_DIGEST_H_

#include <string>

#include "runtime/engine/view.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime::tests {

inline std::string Digest(const View& view) {
  std::string out;
  for (std::uint32_t number = 0; number < view.stats().contacts; ++number) {
    view.ContactAt(number)->Encode(out);
    for (const std::int64_t value : view.ContactAt(number)->derived) out += " " + std::to_string(value);
  }
  for (const Task& task : view.tasks()) EncodeTask(task, out);
  for (const Notification& notification : view.notifications()) EncodeNotification(notification, out);
  for (const Delivery& delivery : view.deliveries()) EncodeDelivery(delivery, out);
  return out + std::to_string(view.stats().last_sequence);
}

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_FAULT_DIGEST_H_
