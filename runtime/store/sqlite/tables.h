// The tables of state.db, one for each kind of row of the checkpoint. Included by sqlite/*.cc only.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_TABLES_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_TABLES_H_

#include <array>
#include <cstddef>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

struct CheckpointTable {
  CheckpointKind kind;
  const char* name;
};

// In the order of their kinds.
inline constexpr std::array<CheckpointTable, 11> kCheckpointTables = {{{CheckpointKind::kContact, "contacts"},
                                                                       {CheckpointKind::kTask, "tasks"},
                                                                       {CheckpointKind::kNotification, "notifications"},
                                                                       {CheckpointKind::kEventIds, "event_ids"},
                                                                       {CheckpointKind::kEngine, "engine"},
                                                                       {CheckpointKind::kDeal, "deals"},
                                                                       {CheckpointKind::kDelivery, "deliveries"},
                                                                       {CheckpointKind::kUser, "users"},
                                                                       {CheckpointKind::kCompany, "companies"},
                                                                       {CheckpointKind::kFailure, "failures"},
                                                                       {CheckpointKind::kDispatch, "dispatches"}}};

// The place of the kind's table among them.
constexpr std::size_t TableOf(CheckpointKind kind) {
  std::size_t place = 0;
  while (kCheckpointTables[place].kind != kind) ++place;
  return place;
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_TABLES_H_
