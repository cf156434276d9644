#include "tests/reference/world.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "tests/reference/deployments.h"
#include "tests/reference/derived.h"
#include "tests/reference/timers.h"

namespace stagecraft::reference {

const Contact* World::Find(std::string_view id) const {
  const auto found = std::find_if(contacts_.begin(), contacts_.end(),
                                  [&](const Contact& contact) { return contact.id == id && contact.standing != Standing::kErased; });
  if (found == contacts_.end()) return nullptr;
  const Contact* contact = &*found;
  while (contact->standing == Standing::kMerged) contact = &contacts_[contact->into];
  return contact;
}

std::string World::ContentOf(const runtime::EventInput& input) {
  std::string content = std::string(input.contact) + "|" + std::string(input.type) + "|" + std::to_string(input.occurred_at);
  const auto add = [&](const char* what, const runtime::NamedInput& named) {
    content += std::string("|") + what + std::string(named.name) + "=" + std::to_string(named.value.index());
    if (const auto* text = std::get_if<std::string_view>(&named.value)) content += std::string(*text);
    if (const auto* number = std::get_if<double>(&named.value)) content += std::to_string(*number);
    if (const auto* truth = std::get_if<bool>(&named.value)) content += *truth ? "yes" : "no";
    if (const auto* moment = std::get_if<Micros>(&named.value)) content += std::to_string(*moment);
  };
  for (const runtime::NamedInput& field : input.fields) add("field ", field);
  for (const runtime::NamedInput& property : input.properties) add("property ", property);
  return content;
}

runtime::EventState World::Apply(const runtime::EventInput& input) {
  const std::string content = ContentOf(input);
  const auto taken = taken_.find(std::string(input.id));
  if (taken != taken_.end()) return taken->second == content ? runtime::EventState::kDuplicate : runtime::EventState::kRejected;
  // Nothing happens to a contact before it is made; an event that is rejected leaves its id free.
  const Contact* contact = Find(input.contact);
  if (contact != nullptr && (!contact->IsHere() || input.occurred_at < contact->created_at)) return runtime::EventState::kRejected;
  const Incoming incoming = Resolve(*script_, input, 0);
  if (!FitsTasks(incoming, contact)) return runtime::EventState::kRejected;
  taken_[std::string(input.id)] = content;
  return Decide(incoming, std::string(input.contact)) ? runtime::EventState::kApplied : runtime::EventState::kFailed;
}

bool World::FitsTasks(const Incoming& incoming, const Contact* contact) const {
  const sema::EventSymbol& event = script_->vocabulary().event(incoming.event.event);
  const auto field = [&](std::string_view name) -> const Value* {
    const std::optional<std::uint32_t> number = event.FindField(name);
    const auto found = number.has_value() ? incoming.event.fields.find(*number) : incoming.event.fields.end();
    return found == incoming.event.fields.end() ? nullptr : &found->second;
  };
  if (!script_->IsOfFamily(incoming.event.event, "task")) return true;
  if (const Value* assignee = field("assignee"); assignee != nullptr && house_.IsDeactivated(assignee->text)) return false;
  const Value* task = field("task");
  return task == nullptr || (contact != nullptr && Contact(*contact).FindTask(std::stoll(task->text)) != nullptr);
}

void World::SayOfUser(const std::string& name, std::optional<bool> deactivated, const std::optional<std::vector<Absence>>& absences) {
  house_.Say(name, deactivated, absences);
}

bool World::Decide(const Incoming& incoming, const std::string& id) {
  const Contact* known = Find(id);
  const Micros at = incoming.event.at;
  if (known != nullptr) FireBefore(at, *known);
  const auto number = known != nullptr ? known->number : static_cast<std::uint32_t>(contacts_.size());
  if (known == nullptr) {
    Contact& made = contacts_.emplace_back();
    made.id = id;
    made.number = number;
    closings_.resize(contacts_.size());
  }
  Contact& contact = contacts_[number];
  const Contact before = contact;
  const House house = house_;
  Incoming recorded = incoming;
  recorded.event.record = ++records_;
  Decision decision(*script_, contact, contacts_, house_, companies_, at, records_);
  if (decision.ApplyEvent(recorded)) {
    Finish(decision, at, number);
    return true;
  }
  outcomes_.push_back({at, number, {"failed"}});
  failures_.push_back({id, {}, incoming, {}, true});
  contact = before;
  house_ = house;
  if (known == nullptr) contacts_.pop_back();
  return false;
}

std::optional<World::Due> World::NextDue(Micros by, const Contact* only) const {
  std::optional<Due> first;
  const auto key = [&](const Due& due) {
    const int kind = due.what == What::kClosing ? 0 : due.what == What::kReminder ? 2 : 1;
    return std::tuple(due.at, due.contact, kind, AgeOf(due.rule), due.what == What::kRun, due.run, due.task);
  };
  const auto consider = [&](const Due& due) {
    if (due.at <= by && (!first.has_value() || key(due) < key(*first))) first = due;
  };
  for (const Contact& contact : contacts_) {
    if (!contact.IsHere() || (only != nullptr && &contact != only)) continue;
    for (const auto& [rule, timer] : contact.timers) consider({timer.due, contact.number, What::kTimer, rule, 0, 0});
    for (const Run& run : contact.runs) {
      if (run.begun && script_->IsDisabled(run.rule)) continue;
      consider({run.WakesAt(), contact.number, What::kRun, run.rule, run.id, 0});
    }
    consider({closings_[contact.number], contact.number, What::kClosing, 0, 0, 0});
    for (const Task& task : contact.tasks) consider({task.reminder, contact.number, What::kReminder, 0, 0, task.number});
  }
  return first.has_value() && first->at != kNever ? first : std::nullopt;
}

void World::FireBefore(Micros by, const Contact& contact) {
  while (const auto due = NextDue(by, &contact)) Fire(*due);
}

void World::Fire(const Due& due) {
  Contact& contact = contacts_[due.contact];
  const Contact before = contact;
  const House house = house_;
  Decision decision(*script_, contact, contacts_, house_, companies_, due.at, ++records_);
  const bool ended = due.what == What::kClosing    ? decision.Close()
                     : due.what == What::kTimer    ? decision.FireTimer(due.rule)
                     : due.what == What::kReminder ? decision.Remind(due.task)
                                                   : decision.WakeRun(due.run);
  if (ended) {
    Finish(decision, due.at, contact.number);
  } else {
    outcomes_.push_back({due.at, contact.number, {"failed"}});
    contact = before;
    house_ = house;
    contact.now = std::max(contact.now, due.at);
    if (due.what == What::kTimer) UseUp(*script_, due.rule, contact);
    if (due.what == What::kReminder) contact.FindTask(due.task)->reminder = kNever;
    if (due.what == What::kRun) std::erase_if(contact.runs, [&](const Run& run) { return run.id == due.run; });
    contact.derived = DerivedOf(*script_, contact);
    closings_[due.contact] = NextClosing(*script_, contact);
    const bool of_rule = due.what == What::kTimer || due.what == What::kRun;
    KeepCascade(contact, of_rule ? std::optional(due.rule) : std::nullopt, due.what == What::kRun);
  }
}

void World::Install(std::shared_ptr<Script> script) {
  script_ = std::move(script);
  ++revision_;
  for (std::size_t rule = 0; rule < script_->all_rules(); ++rule) {
    const std::string key = AgeKey(*script_, rule);
    if (std::find(rules_.begin(), rules_.end(), key) == rules_.end()) rules_.push_back(key);
  }
}

std::string World::AgeKey(const Script& script, std::size_t rule) {
  return script.KeyOf(rule) + (rule < script.rules() ? "" : " of revision " + std::to_string(script.old_rule(rule).revision));
}

void World::SortByContact(std::size_t from) {
  std::stable_sort(outcomes_.begin() + static_cast<std::ptrdiff_t>(from), outcomes_.end(),
                   [](const Outcome& a, const Outcome& b) { return a.contact < b.contact; });
}

std::size_t World::AgeOf(std::size_t rule) const {
  return static_cast<std::size_t>(std::find(rules_.begin(), rules_.end(), AgeKey(*script_, rule)) - rules_.begin());
}

std::vector<OldRule> World::RulesInProgress() const {
  std::vector<std::size_t> by_age(script_->all_rules());
  std::iota(by_age.begin(), by_age.end(), 0);
  std::sort(by_age.begin(), by_age.end(), [&](std::size_t a, std::size_t b) { return AgeOf(a) < AgeOf(b); });
  std::vector<OldRule> rules;
  for (const std::size_t rule : by_age) {
    const bool runs = std::any_of(contacts_.begin(), contacts_.end(), [&](const Contact& contact) {
      return std::any_of(contact.runs.begin(), contact.runs.end(), [&](const Run& run) { return run.begun && run.rule == rule; });
    });
    if (runs) rules.push_back({script_->TextOf(rule), rule < script_->rules() ? revision_ : script_->old_rule(rule).revision});
  }
  return rules;
}

void World::Deploy(std::shared_ptr<Script> next, bool enrols, const std::vector<Turn>& first) {
  const std::shared_ptr<const Script> before = script_;
  std::vector<std::map<std::size_t, Timer>> timers;
  for (Contact& contact : contacts_) {
    timers.push_back(contact.timers);
    outcomes_.push_back({now_, contact.number, MoveTo(*before, *next, contact)});
  }
  for (auto& [id, company] : companies_) {
    Contact of_company;
    of_company.slots = std::move(company.slots);
    MoveTo(*before, *next, of_company);
    company.slots = std::move(of_company.slots);
  }
  Install(next);
  for (Contact& contact : contacts_) {
    if (!contact.IsHere()) {
      contact.derived = DerivedOf(*script_, contact);
      continue;
    }
    const bool owed = closings_[contact.number] <= now_;
    if (!owed && TimeChangesValues(*script_, contact, now_)) contact.now = now_;
    contact.derived = DerivedOf(*script_, contact);
    Rearm(*before, *script_, timers[contact.number], now_, contact);
    closings_[contact.number] = NextClosing(*script_, contact);
  }
  if (!enrols) return;
  enrolling_ = RulesToEnrol(*before, *script_);
  std::sort(enrolling_.begin(), enrolling_.end(), [&](std::size_t a, std::size_t b) { return AgeOf(a) < AgeOf(b); });
  for (const Contact& contact : contacts_) {
    if (contact.IsHere()) to_enrol_.insert(contact.number);
  }
  for (const Turn& turn : first) {
    const Contact* contact = Find(turn.contact);
    EnrolFirst(contacts_[contact->number]);
    if (const auto due = NextDue(now_, contact); turn.fires && due.has_value()) Fire(*due);
  }
  for (Contact& contact : contacts_) EnrolFirst(contact);
}

void World::EnrolFirst(Contact& contact) {
  const std::uint32_t number = contact.number;
  if (to_enrol_.erase(number) == 0) return;
  // Who is in which state is found first: what one start does may bring the contact into the state of another rule, which fires then.
  std::vector<std::size_t> starting;
  for (const std::size_t rule : enrolling_) {
    // Of the record that would begin it: the last one's events are before it, also at the same moment.
    const Decision decision(*script_, contact, contacts_, house_, companies_, now_, records_ + 1);
    if (IsInStateOf(*script_, rule, contact) && decision.WouldStart(rule)) starting.push_back(rule);
  }
  for (const std::size_t rule : starting) {
    const Contact before = contact;
    const House house = house_;
    Decision decision(*script_, contact, contacts_, house_, companies_, now_, ++records_);
    if (decision.Start(rule)) {
      Finish(decision, now_, number);
    } else {
      outcomes_.push_back({now_, contact.number, {"failed"}});
      contact = before;
      house_ = house;
      contact.now = std::max(contact.now, now_);
      contact.derived = DerivedOf(*script_, contact);
      closings_[number] = NextClosing(*script_, contact);
      KeepCascade(contact, rule, false);
    }
  }
}

void World::AdvanceTo(Micros to) {
  while (const auto due = NextDue(to, nullptr)) {
    now_ = std::max(now_, due->at);
    Fire(*due);
  }
  now_ = std::max(now_, to);
}

std::string World::Show(const Task& task) const {
  constexpr const char* kPriorities[] = {" normal", " low", " high"};
  std::string line = "task " + std::to_string(task.number) + " " + task.title + " for " + task.assignee;
  if (task.due.has_value()) line += " due " + script_->ShowTime(*task.due);
  line += kPriorities[static_cast<int>(task.priority)];
  return line + (task.completed ? " completed" : "") + (task.reminder == kNever ? "" : " reminder at " + script_->ShowTime(task.reminder));
}

std::vector<std::string> World::Show(const Contact& contact) const {
  if (contact.standing == Standing::kMerged) return {"merged into number " + std::to_string(contact.into)};
  const sema::Vocabulary& vocabulary = script_->vocabulary();
  std::vector<std::string> lines;
  if (contact.standing == Standing::kDeleted) lines.push_back("deleted");
  if (contact.standing == Standing::kErased) lines.push_back("erased");
  for (const auto& [property, slot] : contact.slots) {
    const sema::PropertySymbol& declared = vocabulary.property(property);
    if (!slot.value.set) continue;
    lines.push_back(declared.name + " = " + script_->Show(declared.type, &declared.options, slot.value) + " since " +
                    script_->ShowTime(slot.said_at));
  }
  for (const auto& [key, at] : contact.entered) {
    const sema::PropertySymbol& declared = vocabulary.property(key.first);
    lines.push_back("became " + declared.name + " " + declared.options.options[key.second].label + " " + script_->ShowTime(at));
  }
  for (Symbol symbol = 0; symbol < contact.derived.size(); ++symbol) {
    const std::string& name = vocabulary.derived()[symbol].name;
    if (!name.empty()) lines.push_back(name + " is " + std::to_string(contact.derived[symbol]));
  }
  if (contact.last_contacted.has_value()) lines.push_back("last contacted " + script_->ShowTime(*contact.last_contacted));
  for (const auto& [rule, timer] : contact.timers) {
    lines.push_back("timer of " + script_->RuleName(rule) + " due " + script_->ShowTime(timer.due));
  }
  for (const Task& task : contact.tasks) lines.push_back(Show(task));
  for (const Run& run : contact.runs) {
    const Micros at = run.WakesAt();
    lines.push_back("run of " + script_->RuleName(run.rule) + (run.begun ? "" : " not begun") +
                    (at == kNever ? "" : " wakes " + script_->ShowTime(at)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace stagecraft::reference
