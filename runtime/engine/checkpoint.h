// What of the state goes into the checkpoint, and when. A round writes all that has changed since the round before, a part at
// a time between batches of events; what changes meanwhile is written as it then is, and again in the next round. So a
// checkpoint is of no single moment: each row says how much of the journal is in it, and recovery skips just that.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CHECKPOINT_H_
#define STAGECRAFT_RUNTIME_ENGINE_CHECKPOINT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/contact_table.h"
#include "runtime/engine/erasure.h"
#include "runtime/engine/event_ids.h"
#include "runtime/engine/item_table.h"
#include "runtime/engine/rule_states.h"
#include "runtime/exec/executor.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

// The state, all of it committed.
struct CheckpointSource {
  ContactTable& contacts;  // only its marks are changed
  Items& items;            // only their marks are changed
  Companies& companies;    // only their marks are changed
  const EventIds& ids;
  SharedState& shared;  // only its marks are changed
  const RuleStates& rules;
  const std::vector<Erasure>& erasures;
  Sequence committed = 0;
};

// How many of each a checkpoint holds.
struct CheckpointCounts {
  std::size_t tasks = 0;
  std::size_t notifications = 0;
  std::size_t deals = 0;
  std::size_t deliveries = 0;
  std::size_t dispatches = 0;
  std::size_t failures = 0;
  std::size_t ids = 0;

  friend bool operator==(const CheckpointCounts&, const CheckpointCounts&) = default;
};

class CheckpointPlan {
 public:
  explicit CheckpointPlan(std::uint32_t records_min) : records_min_(records_min) {}

  // Recovery begins behind this record.
  Sequence complete_through() const { return complete_through_; }
  // What recovery found in the checkpoint.
  void Resume(Sequence complete_through, const CheckpointCounts& written);

  // Fills `batch` with the next part; false when no round is under way and none is worth it yet. `force`: begin one if
  // anything at all is new. The part before must have been written.
  bool Next(const CheckpointSource& source, bool force, CheckpointBatch& batch);

 private:
  // Of one table of items: what is new is written from `written` to `end`, and what has changed once more.
  struct ItemsProgress {
    std::size_t written = 0;
    std::size_t end = 0;
    std::vector<std::size_t> changed;
    std::size_t next_changed = 0;

    bool IsDone() const { return written == end && next_changed == changed.size(); }
  };

  template <typename Item>
  static void BeginItems(ItemTable<Item>& items, ItemsProgress& progress);
  template <typename Item, typename Encode>
  static void AddItems(CheckpointKind kind, const ItemTable<Item>& items, const Encode& encode, ItemsProgress& progress,
                       CheckpointBatch& batch);
  bool IsDone() const;
  bool BeginRound(const CheckpointSource& source, bool force);
  void AddUsers(const CheckpointSource& source, CheckpointBatch& batch);
  void AddContacts(const CheckpointSource& source, CheckpointBatch& batch);
  void AddCompanies(const CheckpointSource& source, CheckpointBatch& batch);
  void AddIds(const CheckpointSource& source, CheckpointBatch& batch);

  const std::uint32_t records_min_;
  Sequence complete_through_ = 0;
  ItemsProgress tasks_, notifications_, deals_, deliveries_, dispatches_, failures_;
  std::size_t ids_written_ = 0;
  std::vector<std::size_t> users_;  // that are still to be written
  // The round that is under way.
  bool in_round_ = false;
  Sequence round_through_ = 0;
  std::size_t ids_end_ = 0;
  std::vector<std::uint32_t> contacts_;
  std::size_t next_contact_ = 0;
  std::vector<std::uint32_t> companies_;
  std::size_t next_company_ = 0;
};

// The row of kind kContact: the contact, and the journal record up to which it is.
std::string EncodeContactRow(const Contact& contact, Sequence through);
std::optional<Contact> DecodeContactRow(std::string_view bytes, Sequence& through);

// The row of kind kEngine, which every part has: whose turn it is in the teams, what is kept of rules, the seed of the event ids, the
// erasures under way, and how far they are.
struct EngineRow {
  Sequence through = 0;
  std::uint64_t ids_seed = 0;
  std::vector<TeamTurns> teams;
  std::vector<std::uint32_t> next_member;  // of older data folders, instead of `teams`: the place of the next member, by team
  RuleStates rules = {};
  std::vector<Erasure> erasures = {};
};
std::string EncodeEngineRow(const EngineRow& row);
std::optional<EngineRow> DecodeEngineRow(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CHECKPOINT_H_
