// What fails and is tried again, and what leaves the house.
#include "tests/reference/derived.h"
#include "tests/reference/world.h"

namespace stagecraft::reference {

void Decision::Tell(const std::string& user, const std::string& text) {
  Say("notified " + user + " \"" + text + "\"");
  outgoing_.push_back({lines_.back(), true});
}

// Refusals that are decisions are none, and a task for nobody is a task.
void Decision::NoteFailure(const std::string& why) {
  if (trying_ == nullptr) return;
  const bool task = !doing_.actions.empty() && std::holds_alternative<sema::CreateTask>(doing_.actions.front()->node);
  bool failure = false;
  for (const char* reason :
       {"nobody there", "nobody free", "deactivated", "not set", "divided by zero", "out of range", "no open deal", "too many runs"}) {
    failure = failure || why.starts_with(std::string("refused (") + reason + ")");
  }
  if (!failure || task) return;
  if (trying_->again) {
    failed_again_ = why;
  } else {
    failed_.push_back({trying_->rule, trying_->event, doing_, why});
  }
}

void World::Keep(const Decision& decision, const Contact& contact) {
  for (const Failed& failed : decision.failed()) failures_.push_back({contact.id, failed, {}, {}, true});
  for (const Outgoing& each : decision.outgoing()) {
    if (!each.is_notification) dispatches_.push_back({contact.id + ": " + each.what, {}, 0, 0, {}});
    if (each.is_notification && (routes_ & runtime::kNotifyByEmail) != 0)
      dispatches_.push_back({contact.id + ": " + each.what, {}, 0, 0, {}});
    if (each.is_notification && (routes_ & runtime::kNotifyByChat) != 0)
      dispatches_.push_back({contact.id + ": " + each.what, {}, 0, 0, {}});
  }
}

void World::KeepCascade(const Contact& contact, std::optional<std::size_t> rule, bool of_run) {
  Failed failed;
  failed.rule = rule.value_or(0);
  failed.why = "refused (no end)";
  failed.is_cascade = true;
  failed.has_rule = rule.has_value();
  failed.of_run = of_run;
  failures_.push_back({contact.id, failed, {}, {}, true});
}

TriedAgain World::Try(std::size_t number) {
  if (number == 0 || number > failures_.size() || !failures_[number - 1].open) return TriedAgain::kNoSuchFailure;
  return failures_[number - 1].event.has_value() ? TryEvent(number - 1) : TryAction(number - 1);
}

TriedAgain World::TryAction(std::size_t place) {
  const Failed failed = failures_[place].action;
  if (!failed.has_rule || failed.of_run || script_->IsDisabled(failed.rule)) return TriedAgain::kCannot;
  const Contact* known = Find(failures_[place].contact);
  FireBefore(now_, *known);
  Contact& contact = contacts_[known->number];
  const Contact before = contact;
  const House house = house_;
  Decision decision(*script_, contact, contacts_, house_, companies_, now_, ++records_);
  const bool ended = decision.Try(failed);
  failures_[place].tried_at = now_;
  if (ended) {
    failures_[place].open = !decision.failed_again().empty();
    if (failures_[place].open) failures_[place].action.why = decision.failed_again();
    Finish(decision, now_, contact.number);
  } else {
    outcomes_.push_back({now_, contact.number, {"failed"}});
    contact = before;
    house_ = house;
    contact.now = std::max(contact.now, now_);
    contact.derived = DerivedOf(*script_, contact);
  }
  closings_[contact.number] = NextClosing(*script_, contact);
  return failures_[place].open ? TriedAgain::kFailed : TriedAgain::kDone;
}

// The same event, at its own time.
TriedAgain World::TryEvent(std::size_t place) {
  const Incoming incoming = *failures_[place].event;
  const Contact* contact = Find(failures_[place].contact);
  if (contact != nullptr && incoming.event.at < contact->created_at) return TriedAgain::kCannot;
  if (!FitsTasks(incoming, contact)) return TriedAgain::kCannot;
  // What is due before it may fail as well, and comes into the list then.
  const std::string id = failures_[place].contact;
  const bool done = Decide(incoming, id);
  // It is the same failure still.
  if (!done) failures_.pop_back();
  failures_[place].tried_at = incoming.event.at;
  failures_[place].open = !done;
  return done ? TriedAgain::kDone : TriedAgain::kFailed;
}

bool World::SendAgain(std::size_t number) {
  Dispatch& dispatch = dispatches_[number - 1];
  if (!runtime::IsOpen(dispatch.state) && dispatch.state != runtime::DispatchState::kDead) return false;
  dispatch.state = runtime::DispatchState::kPending;
  dispatch.attempts = 0;
  dispatch.next_at = 0;
  return true;
}

std::vector<std::string> World::ShowOutbox() const {
  std::vector<std::string> lines;
  for (const Failure& failure : failures_) {
    std::string line = failure.event.has_value()
                           ? "event"
                           : failure.contact + ": " + (failure.action.has_rule ? script_->RuleName(failure.action.rule) : "no rule") + " " +
                                 failure.action.why.substr(0, failure.action.why.find(')'));
    if (failure.tried_at.has_value()) line += " tried at " + script_->ShowTime(*failure.tried_at);
    lines.push_back(line + (failure.open ? "" : " mended"));
  }
  for (const Dispatch& dispatch : dispatches_) {
    lines.push_back(dispatch.what + " state " + std::to_string(static_cast<int>(dispatch.state)) + " after " +
                    std::to_string(dispatch.attempts) + " next " + script_->ShowTime(dispatch.next_at) + " " + dispatch.error);
  }
  return lines;
}

}  // namespace stagecraft::reference
