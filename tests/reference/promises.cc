// Promises are watched and refuse nothing.
#include <algorithm>

#include "tests/reference/decision.h"
#include "tests/reference/derived.h"

namespace stagecraft::reference {

void Decision::WatchMoves(const Contact& start) {
  for (const sema::Moves& moves : script_.checked().moves) {
    const Value was = start.Get(moves.property);
    const Value is = contact_.Get(moves.property);
    if (!was.set || !is.set || was == is) continue;
    const std::vector<std::uint32_t>& allowed = moves.allowed[static_cast<std::size_t>(was.number)];
    if (std::find(allowed.begin(), allowed.end(), static_cast<std::uint32_t>(is.number)) != allowed.end()) continue;
    if (!moves_broken_.insert(moves.property).second) continue;
    Say("breaks `moves of " + script_.vocabulary().property(moves.property).name + "`");
  }
}

void Decision::WatchPromises() {
  for (const sema::Promise& promise : script_.checked().promises) {
    const Scene scene{script_, contact_, &before_, nullptr, at_};
    if (!Holds(scene, promise.broken)) continue;
    bool changed = false;
    Walk(promise.broken, [&](const sema::Condition& each) {
      const Symbol property = each.reference.symbol;
      const bool reads =
          each.reference.space == sema::Reference::Space::kProperty || each.reference.space == sema::Reference::Space::kPrevious;
      const bool value = each.kind == sema::Condition::Kind::kOptionIn || each.kind == sema::Condition::Kind::kIsSet ||
                         each.kind == sema::Condition::Kind::kCompare || each.kind == sema::Condition::Kind::kText;
      changed = changed || (reads && value && before_.Get(property) != contact_.Get(property));
    });
    const bool breaks = promise.reads_previous ? changed : !IsTrue(script_, before_, promise.broken);
    if (breaks) Say("breaks `" + promise.text + "`");
  }
}

}  // namespace stagecraft::reference
