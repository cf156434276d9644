#include <utility>

#include "runtime/explain/describe.h"
#include "runtime/explain/explain.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

TimelineEntry EntryOf(const ir::Program& program, const Record& record) {
  TimelineEntry entry{
      record.sequence, record.kind, record.occurred_at, record.received_at, TitleOf(program, record), record.event_id, record.actor,
      record.revision, {}};
  if (record.kind == RecordKind::kForgotten) return entry;
  for (const Effect& effect : record.effects) {
    if (auto change = DescribeEffect(program, record, effect)) entry.changes.push_back(std::move(*change));
  }
  return entry;
}

bool IsTold(const Record& record, const TimelineEntry& entry) {
  return record.kind != RecordKind::kTimer || record.rule != kNoRule || !entry.changes.empty();
}

Result<TimelinePage> Timeline(Engine& engine, std::string_view contact, Sequence from, std::uint32_t limit) {
  const auto history = engine.History(contact, from, limit);
  if (!history) return tl::unexpected<Status>(history.error());
  TimelinePage page;
  page.next = history->next;
  for (const Record& record : history->records) {
    const bool goes_on = !page.entries.empty() && page.entries.back().kind == RecordKind::kForgotten;
    if (record.kind == RecordKind::kForgotten && goes_on) continue;
    const auto program = engine.ProgramOf(record.revision);
    if (program == nullptr) {
      return Fail(StatusCode::kFailedPrecondition, reasons::kRevisionNotFound,
                  "the scripts of revision " + std::to_string(record.revision) + " no longer compile");
    }
    TimelineEntry entry = EntryOf(*program, record);
    if (IsTold(record, entry)) page.entries.push_back(std::move(entry));
  }
  return page;
}

}  // namespace stagecraft::runtime
