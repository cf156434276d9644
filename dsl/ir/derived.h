// What is kept up to date for every contact: counters, scores, lists, and what rules watch.
#ifndef STAGECRAFT_DSL_IR_DERIVED_H_
#define STAGECRAFT_DSL_IR_DERIVED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/ir/place.h"
#include "dsl/ir/test_graph.h"

namespace stagecraft::ir {

// The times at which matching events happened to the contact. An event matches when its number is in `events` and
// the condition for it holds on the event's fields.
struct Tracker {
  struct Match {
    std::uint32_t event = 0;
    Entry condition = kHolds;
  };
  std::vector<Match> matches;
  std::int64_t window_us = 0;  // the longest window anybody asks of it; 0: kept for ever
  bool keeps_all = false;      // false: only whether and when last (no counts)
  bool declared = false;
};

enum class NodeKind : std::uint8_t {
  kCounter,    // value: how many events of `tracker` lie within `window_us` (0: ever) and since `since`
  kCriterion,  // value: `points` while `condition` holds (or points × count of `tracker` when `each`), else 0
  kScore,      // value: sum of its criteria
  kList,       // value: 1 while `condition` holds
  kWatch,      // value: 1 while `condition` holds; rules wait for it to turn true. Definitions (`define`) are watches with a name
};

inline constexpr int kHalvingsMax = 20;  // 2^-20 of a point is below what is kept

// A derived value of every contact. Nodes are in topological order: a node reads only nodes with a smaller number.
struct Node {
  NodeKind kind = NodeKind::kWatch;
  std::string name;  // score, counter, list, definition: its name; criterion: its line as written; else empty
  Entry condition = kFails;
  std::uint32_t tracker = 0;
  std::int64_t window_us = 0;
  std::optional<Since> since;
  std::int64_t points = 0;
  bool each = false;
  // kCriterion with `each`: an event's points halve each time so much has passed since it, at most kHalvingsMax times, then they are
  // gone; 0: never. Its value is in 2^-kHalvingsMax of a point then. kScore: that of its lines; the sum of all is rounded down.
  std::int64_t halving_us = 0;
  std::uint32_t score = 0;              // kCriterion: node number of its score
  std::vector<std::uint32_t> criteria;  // kScore: its criteria's node numbers
  Place place;
};

// A point in the future at which a contact's derived values may change by time alone: `window_us` after each event of `tracker`.
struct WindowUse {
  std::uint32_t tracker = 0;
  std::int64_t window_us = 0;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_DERIVED_H_
