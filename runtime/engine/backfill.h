// Shows trackers that a deployment brings the events of the past, so that its counters, scores and windows know them.
#ifndef STAGECRAFT_RUNTIME_ENGINE_BACKFILL_H_
#define STAGECRAFT_RUNTIME_ENGINE_BACKFILL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/exec/plan.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

class Backfill {
 public:
  // Of the trackers of `after`: those that `before` did not keep, or kept less of.
  Backfill(const ir::Program& before, std::shared_ptr<const ir::Program> after);

  bool empty() const { return trackers_.empty(); }
  // Forgets what the contact has in these trackers.
  void Clear(Contact& contact) const;
  // Takes an event in as the journal keeps it, when a tracker asks for it. Nothing fires; derived values do not follow.
  void Feed(const Record& record, Contact& contact) const;

 private:
  void FeedEvent(std::uint32_t event, const Record& record, const Scene& scene, Contact& contact) const;
  bool Matches(std::uint32_t tracker, std::uint32_t event, const Scene& scene) const;

  Plan plan_;
  std::vector<std::uint32_t> trackers_;  // ascending
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_BACKFILL_H_
