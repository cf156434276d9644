#include "runtime/engine/core.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/engine/failpoint.h"
#include "runtime/engine/failures.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// How many events are looked up together: enough that memory answers while others are decided, few enough that what it gave
// is still in the cache when its turn comes.
constexpr std::size_t kAheadMax = 16;

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

Status Reject(StatusCode code, Reason reason, std::string message, std::string field) {
  std::string description = message;
  return {code, reason, std::move(message), {{std::move(field), std::move(description)}}};
}

}  // namespace

Core::Core(Store& store, const Clock& clock, Random& random, const EngineOptions& options)
    : store_(store), clock_(clock), options_(options), contacts_(random.Next()), checkpoint_(options.checkpoint_records) {
  ids_.set_seed(random.Next());
  shared_.companies = &companies_;
  shared_.deals = &deal_index_;
}

void Core::MoveClock() { now_ = std::max(now_, clock_.Now()); }

void Core::Process(std::span<const EventInput> events, std::vector<EventResult>& results) {
  MoveClock();
  std::array<Ahead, kAheadMax> ahead;
  for (std::size_t first = 0; first < events.size(); first += kAheadMax) {
    const std::span<const EventInput> group = events.subspan(first, std::min(kAheadMax, events.size() - first));
    for (std::size_t i = 0; i < group.size(); ++i) {
      ahead[i] = {ids_.KeyOf(group[i].id), contacts_.HashOf(group[i].contact), {}};
      ids_.Prefetch(ahead[i].key);
      contacts_.PrefetchIndex(ahead[i].contact_hash);
    }
    for (std::size_t i = 0; i < group.size(); ++i) ahead[i].contact = contacts_.PrefetchContact(ahead[i].contact_hash);
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (ahead[i].contact) executor_->Prefetch(contacts_[*ahead[i].contact].contact);
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      Decide(group[i], ahead[i], results.emplace_back());
      ++decided_.events[static_cast<std::size_t>(results.back().state)];
    }
  }
}

void Core::Decide(const EventInput& event, const Ahead& ahead, EventResult& result) {
  const EventKey& key = ahead.key;
  const std::uint64_t content = HashContent(event, content_scratch_);
  if (AnswerKnown(event, key, content, result)) return;

  std::optional<std::uint32_t> number = contacts_.Find(event.contact, ahead.contact_hash);
  if (number) number = contacts_.Survivor(*number);
  result.status = ResolveEvent(*program_, event, now_, resolved_);
  if (result.status.ok()) result.status = Check(event, number);
  if (result.status.ok() && resolved_.task) result.status = CheckTask(number);
  if (!result.status.ok()) {
    result.state = EventState::kRejected;
    return;
  }

  ContactCell& cell = number ? contacts_[*number] : MakeContact(event);
  cell.heard_at = now_;
  if (number) BeforeContact(cell);
  if (number && !FireContact(cell, resolved_.occurred_at)) {
    result.state = EventState::kRejected;
    result.status = Reject(
        StatusCode::kResourceExhausted, reasons::kTimersBehind,
        "more than " + std::to_string(kTimersPerEventMax) + " timers of the contact " + Quoted(event.contact) +
            " are due before this event: rules that set each other off by timers; mend them, or send the event again when they have fired",
        "occurred_at");
    return;
  }

  Contact& contact = cell.contact;
  BeginEvent(event, contact, content);
  const std::size_t timers_before = TimersOf(contact);
  const ExecResult outcome = executor_->ApplyEvent(resolved_, !number, contact, shared_, record_);
  for (Delivery& delivery : record_.deliveries) delivery.trace = event.trace;
  if (outcome.failed) {
    KeepWhatFailed(contact, !number);
    result.state = EventState::kFailed;
    result.status = {StatusCode::kFailedPrecondition,
                     reasons::kCascadeTooLong,
                     "the event is kept as failed: what it sets off does not come to an end; mend the rules " + record_.effects.back().text,
                     {}};
  }
  result.sequence = record_.sequence;
  result.changes = outcome.changes;
  result.rules_fired = outcome.rules_fired;
  KnownEvent known;
  known.key = key;
  known.content = content;
  known.sequence = record_.sequence;
  known.changes = outcome.changes;
  known.rules_fired = outcome.rules_fired;
  known.failed = outcome.failed;
  ids_.Add(known);

  if (outcome.failed && !number) {
    FinishFailed();
    contacts_.DropLast();
    return;
  }
  if (!number) contacts_.PublishLast();
  result.created = !number;
  FinishRecord(cell, timers_before);
}

bool Core::AnswerKnown(const EventInput& event, const EventKey& key, std::uint64_t content, EventResult& result) const {
  const KnownEvent* known = ids_.Find(key);
  if (known == nullptr) return false;
  if (known->content != content) {
    result.state = EventState::kRejected;
    result.status = Reject(StatusCode::kAlreadyExists, reasons::kEventIdReused,
                           "the id " + Quoted(event.id) + " belongs to another event (record " + std::to_string(known->sequence) +
                               ") with other content; give this one an id of its own",
                           "id");
    return true;
  }
  result.state = EventState::kDuplicate;
  result.sequence = known->sequence;
  result.changes = known->changes;
  result.rules_fired = known->rules_fired;
  if (known->failed != 0) {
    result.status = {StatusCode::kFailedPrecondition,
                     reasons::kCascadeTooLong,
                     "the event was kept as failed when it came first (record " + std::to_string(known->sequence) + ")",
                     {}};
  }
  return true;
}

Status Core::Check(const EventInput& event, std::optional<std::uint32_t> number) const {
  if (resolved_.occurred_at > now_ + options_.future_max) {
    return Reject(StatusCode::kInvalidArgument, reasons::kEventInFuture,
                  "the event is dated more than " + std::to_string(options_.future_max / ir::kMicrosPerSecond) +
                      " seconds ahead of the server's clock; check the sender's clock, or send it when it has happened",
                  "occurred_at");
  }
  if (!number) {
    if (event.create == CreateMode::kMustExist) {
      return Reject(StatusCode::kNotFound, reasons::kContactNotFound,
                    "there is no contact " + Quoted(event.contact) + "; create it first, or let the event create it (`create_if_missing`)",
                    "contact");
    }
    if (event.created_at > resolved_.occurred_at) {
      return Reject(StatusCode::kFailedPrecondition, reasons::kEventBeforeContact,
                    "the event is older than the contact " + Quoted(event.contact) + " that it would create", "created_at");
    }
    return {};
  }
  if (event.create == CreateMode::kMustCreate) {
    return Reject(StatusCode::kAlreadyExists, reasons::kContactExists, "there is already a contact " + Quoted(event.contact), "contact");
  }
  if (!contacts_[*number].contact.is_active()) {
    return Reject(StatusCode::kFailedPrecondition, reasons::kContactDeleted,
                  "the contact " + Quoted(event.contact) + " is deleted; restore it first", "contact");
  }
  if (event.expected_sequence != 0 && event.expected_sequence != contacts_[*number].contact.last_sequence()) {
    return Reject(StatusCode::kAborted, reasons::kContactChanged,
                  "the contact " + Quoted(event.contact) + " has changed since it was read; read it again, and then decide", "etag");
  }
  if (resolved_.occurred_at < contacts_[*number].contact.created_at()) {
    return Reject(StatusCode::kFailedPrecondition, reasons::kEventBeforeContact,
                  "the event is older than the contact " + Quoted(event.contact) + "; check the event's time", "occurred_at");
  }
  return {};
}

Status Core::CheckTask(std::optional<std::uint32_t> number) {
  TaskRequest& request = *resolved_.task;
  if (request.kind != ir::WellKnown::TaskEvent::Kind::kCreated) {
    const Task* task = items_.tasks.Find(request.task.id);
    if (task == nullptr || !number || task->contact != *number) {
      return Reject(StatusCode::kNotFound, reasons::kTaskNotFound,
                    "the contact has no task " + std::to_string(request.task.id) + "; `tasks` lists those that there are", "fields.task");
    }
    request.task = *task;
  }
  const User* user = request.assignee ? shared_.users.Find(*request.assignee) : nullptr;
  if (user != nullptr && user->deactivated) {
    return Reject(StatusCode::kFailedPrecondition, reasons::kUserDeactivated,
                  "the user " + Quoted(user->name) + " is deactivated; give the task to somebody else", "fields.assignee");
  }
  // Rules may ask for the title, which the sender need not know.
  for (const ir::WellKnown::TaskEvent& known : program_->well_known.task_events) {
    if (known.event != resolved_.event || !known.title || request.kind == ir::WellKnown::TaskEvent::Kind::kCreated) continue;
    const auto is_title = [&known](const RecordedField& field) { return field.field == *known.title; };
    if (std::none_of(resolved_.fields.begin(), resolved_.fields.end(), is_title) && !request.task.title.empty())
      resolved_.fields.push_back({*known.title, {true, 0, request.task.title}});
  }
  return {};
}

ContactCell& Core::MakeContact(const EventInput& event) {
  const Micros created_at = event.created_at != 0 ? event.created_at : resolved_.occurred_at;
  return contacts_.AddUnpublished(Contact(std::string(event.contact), static_cast<std::uint32_t>(contacts_.size()), created_at));
}

void Core::Begin(RecordKind kind, const Contact& contact, Micros occurred_at) {
  record_.kind = kind;
  record_.sequence = ++last_sequence_;
  record_.previous = contact.last_sequence();
  record_.revision = revision_;
  record_.contact = contact.number();
  record_.received_at = now_;
  record_.occurred_at = occurred_at;
  record_.event_id.clear();
  record_.content = 0;
  record_.event = 0;
  record_.rule = 0;
  record_.run = 0;
  record_.failure = 0;
  record_.actor.clear();
  record_.fields.clear();
  record_.ClearEffects();
}

void Core::BeginEvent(const EventInput& event, const Contact& contact, std::uint64_t content) {
  Begin(RecordKind::kEvent, contact, resolved_.occurred_at);
  record_.event_id.assign(event.id);
  record_.content = content;
  record_.event = resolved_.event;
  record_.actor.assign(event.actor);
  record_.fields.swap(resolved_.fields);
}

// What the decided record_ means for everything around the contact, the other contacts of its company included: record_ is another one
// then.
void Core::BeginShared(RecordKind kind, std::uint32_t revision, std::string_view actor) {
  record_ = {};
  record_.kind = kind;
  record_.sequence = ++last_sequence_;
  record_.revision = revision;
  record_.contact = kNoContact;
  record_.received_at = now_;
  record_.occurred_at = now_;
  record_.actor = actor;
}

// What the engine keeps beside the contact: who belongs to which company, what wakes when, what is to be delivered.
void Core::FollowEffect(ContactCell& cell, const Effect& effect) {
  const Contact& contact = cell.contact;
  const std::uint32_t number = contact.number();
  switch (effect.kind) {
    case EffectKind::kPropertySet:
      if (effect.target == program_->well_known.company_id) companies_.Leave(effect.before.text, number);
      return;
    case EffectKind::kCompanySet:
      if (effect.before != effect.after) NoteCompany(effect.text);
      return;
    case EffectKind::kTimerArmed:
      if (const ArmedTimer* timer = contact.FindTimer(effect.target)) Schedule(cell, {timer->due, number, effect.target, 0});
      if (effect.detail != 0) heap_.NoteDropped();
      return;
    case EffectKind::kRunWaiting: {
      const Run* run = contact.progress().FindRun(static_cast<std::uint32_t>(effect.number));
      if (run != nullptr && run->WakesAt() != Run::kNever) Schedule(cell, {run->WakesAt(), number, run->rule, run->id});
      if ((effect.detail & kRunNew) == 0) {
        heap_.NoteDropped();
      } else {
        CountRun(effect.target, 1);
      }
      return;
    }
    case EffectKind::kTaskChanged:
      FoldTask(effect, record_.occurred_at, *items_.tasks.Change(effect.number));
      return;
    case EffectKind::kTimerDropped:
      heap_.NoteDropped();
      return;
    case EffectKind::kReminder:
      if (effect.detail != 0) heap_.NoteDropped();
      if (effect.number_before != Run::kNever) Schedule(cell, {effect.number_before, number, kReminderRule, 0});
      return;
    case EffectKind::kRunEnded:
      if (effect.number == 0) return;
      heap_.NoteDropped();
      CountRun(effect.target, -1);
      return;
    case EffectKind::kSent:
    case EffectKind::kNotified:
      AddDispatches(effect);
      return;
    default:
      return;
  }
}

void Core::FinishRecord(ContactCell& cell, std::size_t timers_before) {
  Contact& contact = cell.contact;
  contact.set_last_sequence(record_.sequence);
  if (options_.notification_routes != 0) RouteNotifications();
  packer_.Add(record_);
  ++decided_.records;
  contacts_.Touch(contact.number());
  timers_ += TimersOf(contact) - timers_before;
  const std::uint32_t number = contact.number();
  bool may_have_failed = record_.failure != 0;
  bool joined = false;
  std::uint64_t rounds = 0;
  for (const Effect& effect : record_.effects) {
    may_have_failed = may_have_failed || effect.kind == EffectKind::kRefused || effect.kind == EffectKind::kFailed;
    if (effect.kind == EffectKind::kRuleFired) {
      CountFiring(effect);
      rounds = static_cast<std::uint64_t>(effect.number);  // they come round by round
    }
    joined = joined || (effect.kind == EffectKind::kPropertySet && effect.target == program_->well_known.company_id);
    FollowEffect(cell, effect);
  }
  decided_.rounds += rounds;
  cell.closes_at = contact.next_window_close;
  // Behind the effects: the company that it joins may have been made by one of them.
  if (joined) companies_.Join(contact.Text(*program_->well_known.company_id), number);
  ScheduleWindow(cell);
  if (may_have_failed) NoteFailures(*program_, record_, 0, items_.failures);
  TakeItems();
  SpreadCompanies();
}

void Core::CountFiring(const Effect& fired) {
  if (fired.target >= decided_.rules_fired.size()) decided_.rules_fired.resize(fired.target + 1);
  ++decided_.rules_fired[fired.target];
}

void Core::TakeItems() {
  // The record is packed: it no longer needs them.
  items_.tasks.AddAll(record_.tasks);
  items_.notifications.AddAll(record_.notifications);
  deal_index_.Take(record_);
  items_.deliveries.AddAll(record_.deliveries);
}

Status Core::Commit() { return packer_.empty() ? Status{} : Append(nullptr); }

Status Core::Append(const Revision* revision) {
  STAGECRAFT_FAILPOINT("before-append");
  failure_ = store_.Append(packer_.rows(), revision);
  STAGECRAFT_FAILPOINT("after-append-before-answer");
  packer_.Clear();
  return failure_;
}

bool Core::NextCheckpoint(bool force, CheckpointBatch& batch) {
  return checkpoint_.Next({contacts_, items_, companies_, ids_, shared_, rules_, erasures_, last_sequence_}, force, batch);
}

EngineStats Core::stats() const {
  return {last_sequence_,      contacts_.size(),         timers_,         items_.tasks.size(), items_.notifications.size(),
          items_.deals.size(), items_.deliveries.size(), dispatch_states_};
}

const Contact* Core::FindContact(std::string_view id) const {
  const auto number = contacts_.Find(id);
  return number ? &contacts_[contacts_.Survivor(*number)].contact : nullptr;
}

const Contact* Core::ContactAt(std::uint32_t number) const { return number < contacts_.size() ? &contacts_[number].contact : nullptr; }

std::optional<Value> Core::PropertyOf(const Contact& contact, std::uint32_t slot) const {
  if (!contact.IsSet(slot)) return std::nullopt;
  return contact.Get(slot);
}

}  // namespace stagecraft::runtime
