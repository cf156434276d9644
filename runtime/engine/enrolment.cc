// Contacts that were there when a rule was deployed start it (docs/semantics.md, "Enrolment").
//
// It is done bit by bit beside new events. So that it makes no difference when a contact's turn comes, all of it has the deployment's own
// time, and a contact to which something is to happen first has its turn then. Whoever has a record behind the deployment's has had it.
#include <algorithm>

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

void Core::EnrolFirst(ContactCell& cell) {
  for (const Enrolment& enrolment : rules_.enrolments) {
    const std::uint32_t number = cell.contact.number();
    const bool is_next = !enrolment.IsDone() && number >= enrolment.next && number < enrolment.end;
    const bool has_turn = is_next && cell.contact.last_sequence() <= enrolment.deployed_in;
    if (has_turn) EnrolIn(cell, enrolment);
  }
}

void Core::EnrolIn(ContactCell& cell, const Enrolment& enrolment) {
  if (!cell.contact.is_active()) return;
  // What one of them does may bring the contact into the state of the next, which then fires by itself: who is in it is found first.
  std::vector<std::uint32_t> due;
  for (const std::uint32_t rule : enrolment.rules) {
    if (executor_->WouldStart(rule, enrolment.at, cell.contact)) due.push_back(rule);
  }
  for (const std::uint32_t rule : due) {
    Begin(RecordKind::kEnrolment, cell.contact, enrolment.at);
    record_.rule = rule;
    const std::size_t timers_before = TimersOf(cell.contact);
    executor_->StartRule(rule, cell.contact, shared_, record_);
    FinishRecord(cell, timers_before);
    rules_.Fold(record_);
  }
}

std::optional<Micros> Core::NextEnrolment() const {
  if (!rules_.IsEnrolling()) return std::nullopt;
  return std::max(enrols_from_, now_);
}

std::uint32_t Core::ContinueEnrolment(std::uint32_t limit) {
  Enrolment* enrolment = rules_.FirstOpen();
  if (enrolment == nullptr || limit == 0) return 0;
  if (now_ < enrols_from_ && !nobody_waits_) return 0;
  Enrolment reached = *enrolment;
  std::uint32_t looked_at = 0;
  for (; reached.next < enrolment->end && looked_at < limit; ++reached.next, ++looked_at) {
    ContactCell& cell = contacts_[reached.next];
    if (cell.contact.last_sequence() <= enrolment->deployed_in) EnrolIn(cell, *enrolment);
  }
  reached.enrolled = enrolment->enrolled;
  NoteEnrolment(reached, {});
  return looked_at;
}

Status Core::StopEnrolment(std::uint32_t revision, std::string_view actor) {
  MoveClock();
  const auto found = std::find_if(rules_.enrolments.begin(), rules_.enrolments.end(),
                                  [revision](const Enrolment& each) { return each.revision == revision; });
  if (found == rules_.enrolments.end()) {
    return {StatusCode::kNotFound, reasons::kOperationNotFound,
            "nobody is enrolled with revision " + std::to_string(revision) + ", or a later deployment has made an end of it"};
  }
  if (found->IsDone()) return {};
  Enrolment reached = *found;
  reached.is_given_up = true;
  NoteEnrolment(reached, actor);
  return {};
}

void Core::NoteEnrolment(const Enrolment& reached, std::string_view actor) {
  BeginShared(RecordKind::kEnrolment, revision_, actor);
  Effect& effect = record_.effects.emplace_back();
  effect.kind = EffectKind::kEnrolProgress;
  effect.target = reached.revision;
  effect.number = static_cast<std::int64_t>(reached.Place());
  effect.number_before = static_cast<std::int64_t>(reached.enrolled);
  record_.rule = kNoRule;
  packer_.Add(record_);
  rules_.Fold(record_);
}

}  // namespace stagecraft::runtime
