#include "runtime/engine/figures.h"

#include "runtime/engine/view.h"

namespace stagecraft::runtime {

std::map<std::pair<std::string, std::string>, std::uint64_t> FiringsByRule(const EngineFigures& figures, const ir::Program& program) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> fired;
  const std::size_t rules = std::min(figures.decided.rules_fired.size(), program.rules.size());
  for (std::size_t i = 0; i < rules; ++i) {
    if (figures.decided.rules_fired[i] == 0) continue;
    const ir::Rule& rule = program.rules[i];
    fired[{rule.name, rule.place.file < program.files.size() ? program.files[rule.place.file] : std::string()}] +=
        figures.decided.rules_fired[i];
  }
  return fired;
}

// What waits longest is not the first of the list: one that is tried again and again may be older than all others.
Micros OutboxAge(const View& view) {
  Micros oldest = view.now();
  for (const Dispatch& dispatch : view.dispatches()) {
    if (!IsOpen(dispatch.state)) continue;
    const std::int64_t item = ItemOf(dispatch.id);
    if (RouteOf(dispatch.id) == DispatchRoute::kDelivery) {
      const Delivery* delivery = FindById(view.deliveries(), item);
      if (delivery != nullptr) oldest = std::min(oldest, delivery->created_at);
    } else {
      const Notification* notification = FindById(view.notifications(), item);
      if (notification != nullptr) oldest = std::min(oldest, notification->created_at);
    }
  }
  return view.now() - oldest;
}

}  // namespace stagecraft::runtime
