#include "runtime/verify/stored_rows.h"

namespace stagecraft::runtime {
namespace {

Status NotWritable() { return {StatusCode::kFailedPrecondition, reasons::kStoreNotWritable, "the store is open for reading only", {}}; }

const char* NameOf(CheckpointKind kind) {
  switch (kind) {
    case CheckpointKind::kContact:
      return "contact number ";
    case CheckpointKind::kTask:
      return "task ";
    case CheckpointKind::kNotification:
      return "notification ";
    case CheckpointKind::kEventIds:
      return "part of the event ids ";
    case CheckpointKind::kEngine:
      return "engine's row ";
    case CheckpointKind::kDeal:
      return "deal ";
    case CheckpointKind::kDelivery:
      return "delivery ";
    case CheckpointKind::kFailure:
      return "failure ";
    case CheckpointKind::kDispatch:
      return "dispatch ";
    case CheckpointKind::kUser:
      return "user number ";
    case CheckpointKind::kCompany:
      return "company number ";
  }
  return "row of unknown kind ";
}

}  // namespace

std::string NameOf(const RowKey& key) { return NameOf(key.first) + std::to_string(key.second); }

Status RecoveredFrom::Append(std::span<const JournalRow>, const Revision*) { return NotWritable(); }

Status RecoveredFrom::WriteCheckpoint(const CheckpointBatch&) { return NotWritable(); }

Status RecoveredFrom::RewriteJournal(std::span<const JournalRow>) { return NotWritable(); }

Status RecoveredFrom::ForgetReplaced() { return NotWritable(); }

Status RecoveredFrom::KeepBase() { return NotWritable(); }

Status RecoveredFrom::Shrink() { return NotWritable(); }

Status RecoveredFrom::Recover(const Recovery& visitor) {
  for (const Revision& revision : revisions_) {
    if (Status status = visitor.on_revision(revision); !status.ok()) return status;
  }
  for (const auto& [key, bytes] : rows_) {
    if (Status status = visitor.on_checkpoint({key.first, key.second, bytes}); !status.ok()) return status;
  }
  if (visitor.on_complete_through) visitor.on_complete_through(complete_through_);
  Status failure;
  Status scan = journal_.ScanJournal(complete_through_ + 1, [&](const JournalRow& row) {
    failure = visitor.on_journal(row);
    return failure.ok();
  });
  return scan.ok() ? failure : scan;
}

}  // namespace stagecraft::runtime
