#include "server/rpc/timeline_convert.h"

#include <utility>

#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::EntryKind ToProto(runtime::RecordKind kind) {
  switch (kind) {
    case runtime::RecordKind::kEvent:
      return v1::ENTRY_KIND_EVENT;
    case runtime::RecordKind::kTimer:
      return v1::ENTRY_KIND_TIMER;
    case runtime::RecordKind::kDeployment:
      return v1::ENTRY_KIND_DEPLOYMENT;
    case runtime::RecordKind::kStanding:
      return v1::ENTRY_KIND_STANDING;
    case runtime::RecordKind::kScrubbed:
      return v1::ENTRY_KIND_UNSPECIFIED;
    case runtime::RecordKind::kForgotten:
      return v1::ENTRY_KIND_REMOVED;
    case runtime::RecordKind::kDeliveryOutcome:
    case runtime::RecordKind::kReading:
      break;  // of no contact: never in a timeline
    case runtime::RecordKind::kRetry:
      return v1::ENTRY_KIND_RETRY;
    case runtime::RecordKind::kStop:
      return v1::ENTRY_KIND_STOP;
    case runtime::RecordKind::kEnrolment:
      return v1::ENTRY_KIND_ENROLMENT;
    case runtime::RecordKind::kSwitch:
      break;  // of no contact
    case runtime::RecordKind::kCompany:
      return v1::ENTRY_KIND_COMPANY;
    case runtime::RecordKind::kUser:
      break;  // of no contact
  }
  return v1::ENTRY_KIND_UNSPECIFIED;
}

void FillChange(runtime::TimelineChange& change, v1::TimelineChange& out) {
  out.set_text(std::move(change.text));
  out.set_property(std::move(change.property));
  out.set_before(std::move(change.before));
  out.set_after(std::move(change.after));
  out.set_rule(std::move(change.rule));
  out.set_file(std::move(change.file));
  out.set_line(static_cast<int>(change.line));
  out.set_reason(std::move(change.reason));
}

}  // namespace

void FillEntry(runtime::TimelineEntry& entry, v1::TimelineEntry& out) {
  out.set_sequence(entry.sequence);
  out.set_kind(ToProto(entry.kind));
  FillTimestamp(entry.occurred_at, *out.mutable_event_time());
  FillTimestamp(entry.received_at, *out.mutable_receive_time());
  out.set_title(std::move(entry.title));
  out.set_event_id(std::move(entry.event_id));
  out.set_actor(std::move(entry.actor));
  out.set_revision(static_cast<int>(entry.revision));
  for (runtime::TimelineChange& change : entry.changes) FillChange(change, *out.add_changes());
}

}  // namespace stagecraft::server
