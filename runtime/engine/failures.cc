#include "runtime/engine/failures.h"

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::int64_t kFailuresMax = std::int64_t{1} << kFailureOrdinalBits;  // of one record; more are not listed

bool HasFailed(const Record& record) { return !record.effects.empty() && record.effects.back().kind == EffectKind::kFailed; }

// What failed; nothing for an effect that is no failure. A task that finds nobody is there all the same.
std::optional<Failure> FailureOf(const ir::Program& program, const Record& record, const Effect& effect) {
  const auto reason = static_cast<RefusalReason>(effect.detail);
  if (effect.kind != EffectKind::kRefused || !IsFailure(reason)) return std::nullopt;
  // What an event or a reminder asks for and does not get is no rule's failure.
  if (effect.by == kByEvent && reason != RefusalReason::kTooManyRuns) return std::nullopt;
  Failure failure;
  failure.rule = effect.by == kByEvent ? static_cast<std::uint32_t>(effect.number) : record.effects[effect.by].target;
  failure.action = effect.by == kByEvent ? ir::kNoAction : effect.action;
  failure.reason = effect.detail;
  failure.slot = effect.target;
  failure.text = effect.text;
  failure.source = effect.before.set ? effect.before.number : record.sequence;
  const std::vector<ir::Action>& actions = program.rules[failure.rule].actions;
  if (failure.action < actions.size() && actions[failure.action].kind == ir::ActionKind::kCreateTask) return std::nullopt;
  return failure;
}

// A run that a deployment ended since its code no longer fits; nothing for another effect, and of a journal that does not say what began
// it.
std::optional<Failure> LostRunOf(const Effect& effect) {
  const bool is_lost = effect.kind == EffectKind::kRunEnded && static_cast<RunEnd>(effect.detail) == RunEnd::kNotFitting;
  if (!is_lost || !effect.before.set) return std::nullopt;
  Failure failure;
  failure.rule = effect.target;
  failure.action = effect.action;
  failure.reason = static_cast<std::uint8_t>(RefusalReason::kNotFitting);
  failure.revision = static_cast<std::uint32_t>(effect.number_before);
  failure.source = effect.before.number;
  failure.text = effect.text;
  return failure;
}

// A cascade that did not end, in a record that no event began: it is its rule's; kNoRule: none began it.
Failure CascadeOf(const Record& record) {
  Failure failure;
  const bool is_of_rule = (record.kind == RecordKind::kTimer || record.kind == RecordKind::kEnrolment) && record.rule < kReminderRule;
  failure.rule = is_of_rule ? record.rule : kNoRule;
  failure.action = ir::kNoAction;
  failure.reason = static_cast<std::uint8_t>(RefusalReason::kEventFailed);
  failure.source = record.sequence;
  failure.text = record.effects.back().text;
  return failure;
}

bool IsCascade(const Failure& failure) { return static_cast<RefusalReason>(failure.reason) == RefusalReason::kEventFailed; }

}  // namespace

void NoteFailures(const ir::Program& program, const Record& record, std::int64_t known_through, ItemTable<Failure>& failures) {
  std::int64_t ordinal = 0;
  const auto add = [&](Failure failure) {
    if (ordinal == kFailuresMax) return;
    failure.id = record.sequence << kFailureOrdinalBits | ordinal++;
    failure.contact = record.contact;
    failure.occurred_at = record.occurred_at;
    if (failure.revision == 0) failure.revision = record.revision;
    if (failure.id > known_through) failures.Add(std::move(failure));
  };
  bool fails_again = record.failure != 0 && HasFailed(record);
  Failure* tried = record.failure != 0 ? failures.Change(record.failure) : nullptr;
  for (const Effect& effect : record.effects) {
    std::optional<Failure> failure = effect.kind == EffectKind::kRunEnded ? LostRunOf(effect) : FailureOf(program, record, effect);
    if (!failure) continue;
    const bool is_again = effect.by != kByEvent && record.effects[effect.by].kind == EffectKind::kRetried;
    if (!is_again) {
      add(std::move(*failure));
      tried = record.failure != 0 ? failures.Change(record.failure) : nullptr;
    } else if (tried != nullptr) {
      fails_again = true;
      tried->reason = failure->reason;
      tried->slot = failure->slot;
      tried->text = failure->text;
    }
  }
  if (record.failure == 0 && HasFailed(record)) {
    Failure failure = CascadeOf(record);
    if (record.kind == RecordKind::kEvent) {
      failure = {};
      failure.kind = Failure::Kind::kEvent;
    }
    add(std::move(failure));
  }
  if (tried == nullptr) return;
  if (fails_again && HasFailed(record) && IsCascade(*tried)) tried->text = record.effects.back().text;
  tried->tried_at = record.occurred_at;
  tried->tried_in = record.sequence;
  tried->is_closed = !fails_again;
  if (tried->contact == kNoContact) tried->contact = record.contact;
}

namespace {

Status CannotRetry(const std::string& why) { return {StatusCode::kFailedPrecondition, reasons::kCannotRetry, why, {}}; }

// Whether the scripts have what is to be tried again.
Status CheckRetry(const ir::Program& program, Programs& programs, const Failure& failure) {
  if (failure.rule == kNoRule) return CannotRetry("no rule began it: what was to follow from time or from its company is past");
  const ir::Rule& rule = program.rules[failure.rule];
  const std::string name = "`" + rule.name + "`";
  if (failure.action == ir::kNoAction && !IsCascade(failure)) return CannotRetry("the run of " + name + " that was to begin later is past");
  if (!rule.declared && rule.of_revision == 0) return CannotRetry("the rule " + name + " is no longer there");
  if (rule.disabled) return CannotRetry("the rule " + name + " is disabled");
  if (IsCascade(failure)) return {};
  const std::shared_ptr<const ir::Program> was = programs.Of(failure.revision);
  if (was == nullptr) return CannotRetry("the scripts of revision " + std::to_string(failure.revision) + " no longer compile");
  const bool is_there =
      failure.action < rule.actions.size() && rule.actions[failure.action].kind == was->rules[failure.rule].actions[failure.action].kind;
  if (!is_there) return CannotRetry("the rule " + name + " has another action in this place by now");
  return {};
}

}  // namespace

Status Core::Retry(std::int64_t id, std::string_view actor, Failure& after) {
  MoveClock();
  const Failure* found = items_.failures.Find(id);
  if (found == nullptr || found->is_closed)
    return {
        StatusCode::kNotFound, reasons::kFailureNotFound, "nothing that is still to be mended has the number " + std::to_string(id), {}};
  // A copy: timers that fire before the attempt may fail as well, and move the failures that there are.
  const Failure failure = *found;
  Status status = failure.kind == Failure::Kind::kEvent ? RetryEvent(failure) : RetryAction(failure, actor);
  if (status.ok()) after = *items_.failures.Find(id);
  return status;
}

Status Core::RetryAction(const Failure& failure, std::string_view actor) {
  if (Status status = CheckRetry(*program_, programs_, failure); !status.ok()) return status;
  const Result<Record> source = ReadRecord(failure.source);
  if (!source) return source.error();
  // What the run did before it waited has been done: the rule must not do it again.
  if (IsCascade(failure) && source->run != 0)
    return CannotRetry("the run of `" + program_->rules[failure.rule].name + "` has ended with it; start the rule for the contact again");

  ContactCell& cell = contacts_[failure.contact];
  if (!cell.contact.is_active()) return CannotRetry("its contact is deleted");
  BeforeContact(cell);
  if (!FireContact(cell, now_)) return CannotRetry("too many timers of the contact are due");
  const std::size_t timers_before = TimersOf(cell.contact);
  Begin(RecordKind::kRetry, cell.contact, now_);
  record_.failure = failure.id;
  record_.actor = actor;
  record_.event = source->kind == RecordKind::kEvent ? source->event : kNoEvent;
  if (record_.event != kNoEvent) record_.fields = source->fields;
  if (IsCascade(failure)) {
    executor_->StartRule(failure.rule, cell.contact, shared_, record_);
  } else {
    executor_->RetryAction(failure.rule, failure.action, cell.contact, shared_, record_);
  }
  FinishRecord(cell, timers_before);
  return {};
}

Result<Record> Core::ReadRecord(Sequence sequence) {
  if (Status status = Commit(); !status.ok()) return tl::unexpected<Status>(std::move(status));
  const Result<JournalRow> row = store_.ReadJournal(sequence);
  if (!row) return tl::unexpected<Status>(row.error());
  std::optional<Record> found;
  Record scratch;
  Status damage = VisitRecords(*row, scratch, [&](const Record& record) {
    if (record.sequence == sequence) found = record;
    return !found.has_value();
  });
  if (!damage.ok()) return tl::unexpected<Status>(std::move(damage));
  if (!found) return NoSuchRecord(sequence);
  return std::move(*found);
}

// The event as it was, decided anew. Its id goes on answering as it did when the event came first.
Status Core::RetryEvent(const Failure& failure) {
  const std::int64_t id = failure.id;
  const Result<Record> failed = ReadRecord(failure.cause());
  if (!failed) return failed.error();
  if (failed->event >= program_->events.size() || !program_->events[failed->event].declared)
    return CannotRetry("the scripts no longer know the event");
  resolved_.event = failed->event;
  resolved_.occurred_at = failed->occurred_at;
  resolved_.fields = failed->fields;
  resolved_.changes.clear();
  for (const Effect& effect : failed->effects) {
    const bool is_value = effect.kind == EffectKind::kRefused && static_cast<RefusalReason>(effect.detail) == RefusalReason::kEventFailed;
    if (is_value && !program_->properties[effect.target].declared)
      return CannotRetry("the scripts no longer know `" + program_->properties[effect.target].name + "`, which the event sets");
    if (is_value) resolved_.changes.push_back({effect.target, effect.after});
  }
  const Value& to_make = failed->effects.back().after;
  std::optional<std::uint32_t> number = to_make.set ? contacts_.Find(to_make.text) : std::optional(failed->contact);
  if (number) number = contacts_.Survivor(*number);
  if (number && !contacts_[*number].contact.is_active()) return CannotRetry("its contact is deleted");
  if (number && resolved_.occurred_at < contacts_[*number].contact.created_at())
    return CannotRetry("the contact was created after the event");
  Status task = ResolveTask(*program_, resolved_);
  if (task.ok() && resolved_.task) task = CheckTask(number);
  if (!task.ok()) return CannotRetry(task.message);
  ContactCell& cell = number
                          ? contacts_[*number]
                          : contacts_.AddUnpublished(Contact(to_make.text, static_cast<std::uint32_t>(contacts_.size()), to_make.number));
  if (number) {
    BeforeContact(cell);
    if (!FireContact(cell, resolved_.occurred_at)) return CannotRetry("too many timers of the contact are due before the event");
  }
  const std::size_t timers_before = TimersOf(cell.contact);
  Begin(RecordKind::kEvent, cell.contact, resolved_.occurred_at);
  record_.event_id = failed->event_id;
  record_.content = failed->content;
  record_.event = failed->event;
  record_.actor = failed->actor;
  record_.fields = failed->fields;
  record_.failure = id;
  const ExecResult outcome = executor_->ApplyEvent(resolved_, !number, cell.contact, shared_, record_);
  if (outcome.failed) KeepWhatFailed(cell.contact, !number);
  if (outcome.failed && !number) {
    FinishFailed();
    contacts_.DropLast();
    return {};
  }
  if (!number) contacts_.PublishLast();
  FinishRecord(cell, timers_before);
  return {};
}

// The journal keeps what a failed event would have set, and whom it would have made: it may be tried again.
void Core::KeepWhatFailed(const Contact& contact, bool would_make) {
  Effect failed = std::move(record_.effects.back());
  record_.effects.clear();
  for (const ResolvedChange& change : resolved_.changes) {
    Effect& effect = record_.effects.emplace_back();
    effect.kind = EffectKind::kRefused;
    effect.target = change.slot;
    effect.detail = static_cast<std::uint8_t>(RefusalReason::kEventFailed);
    effect.after = change.value;
  }
  if (would_make) failed.after = Value{true, contact.created_at(), contact.id()};
  record_.effects.push_back(std::move(failed));
}

// A failed event whose contact there is not.
void Core::FinishFailed() {
  record_.contact = kNoContact;
  packer_.Add(record_);
  NoteFailures(*program_, record_, 0, items_.failures);
}

}  // namespace stagecraft::runtime
