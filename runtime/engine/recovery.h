// The state from what the store has: the checkpoint, and the journal folded over it.
#ifndef STAGECRAFT_RUNTIME_ENGINE_RECOVERY_H_
#define STAGECRAFT_RUNTIME_ENGINE_RECOVERY_H_

#include <memory>
#include <vector>

#include "runtime/engine/core.h"

namespace stagecraft::runtime {

class Recovery {
 public:
  // `watch`: may be null.
  Recovery(Core& core, FoldWatch* watch) : core_(core), watch_(watch) {}

  // Brings the core, new until now, to the state after the journal's last record. DATA_LOSS: what the store has is damaged.
  // FAILED_PRECONDITION: this version's compiler refuses the scripts of a revision that is still needed.
  Status Run();

 private:
  Status FoundNewStore();
  Status TakeClock();
  Status TakeCheckpoint(CheckpointRow&& row);
  Status TakeContact(const CheckpointRow& row);
  Status TakeDeal(const CheckpointRow& row);
  Status TakeCompany(const CheckpointRow& row);
  Status TakeEngine(const CheckpointRow& row);
  Status TakeUser(const CheckpointRow& row);
  Status Fold(const Record& record);
  Status FoldDeployment(const Record& record);
  Status FoldIntoContact(const Record& record);
  void FoldItems(const Record& record);
  // What an effect of a contact's standing does beside the contact.
  void FoldStanding(const Record& record, const Effect& effect);
  Status FoldOutcomes(const Record& record);
  // Shows the watch what the checkpoint has, before `record`, the first one that is folded.
  Status ShowTaken(const Record& record);
  // The checkpoint is all there is of the records before `sequence`.
  void EndCheckpoint(Sequence sequence);
  CheckpointCounts Counts() const;
  // The program of a revision; a failed Status when there is none.
  Result<std::shared_ptr<const ir::Program>> ProgramOf(std::uint32_t revision);
  // Recomputes what is not stored, and lets overdue timers wait as if every contact had just been heard of: callers that
  // were cut off get their time to send the rest.
  void Complete();

  Core& core_;
  FoldWatch* const watch_;
  std::vector<Sequence> contact_through_;  // by contact: its state has all records up to this one
  Sequence complete_through_ = 0;          // the checkpoint has all of the records up to this one
  Sequence engine_through_ = 0;
  bool first_record_ = true;
  // What the checkpoint has; the journal's tail may have it once more.
  CheckpointCounts counts_;
  std::int64_t last_task_ = 0;
  std::int64_t last_notification_ = 0;
  std::int64_t last_delivery_ = 0;
  std::int64_t last_dispatch_ = 0;
  std::int64_t last_failure_ = 0;
  Sequence ids_through_ = 0;
  Sequence first_folded_ = 0;
  std::uint32_t program_revision_ = 0;  // of program_
  std::shared_ptr<const ir::Program> program_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_RECOVERY_H_
