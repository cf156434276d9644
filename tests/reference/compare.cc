#include "tests/reference/compare.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "dsl/compile.h"
#include "tests/reference/live.h"
#include "tests/reference/places.h"
#include "tests/reference/show.h"
#include "tests/reference/world.h"
#include "tests/support/simulation.h"

namespace stagecraft::reference {
namespace {

std::string Join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "    " + line + "\n";
  return text;
}

std::string Differ(const std::string& what, const std::vector<std::string>& engine, const std::vector<std::string>& reference) {
  if (engine == reference) return {};
  return what + "\n  engine\n" + Join(engine) + "  reference\n" + Join(reference);
}

class Pair {
 public:
  Pair(std::shared_ptr<const ir::Program> program, const History& history, std::shared_ptr<Script> script)
      : live_(std::move(program), FilesOf(history.script), history.start, IsKept(history), RoutesOf(history)),
        world_(std::move(script), history.start, RoutesOf(history)),
        outbox_(history.outbox) {}

  // Both play the step; what is different then.
  std::string Play(const runtime::RandomStep& step) {
    if (step.clock_back != 0) live_.SetBack(step.clock_back);
    if (step.restarts) return live_.Restart(step.from_checkpoint);
    if (step.deploys.has_value()) {
      if (!Deploy(*step.deploys)) return {};
    } else if (step.retries.has_value() || step.outcome.has_value()) {
      const std::string answer = step.retries.has_value() ? Retry(*step.retries) : PutOutcome(*step.outcome);
      if (!answer.empty()) return answer;
    } else if (step.controls.has_value()) {
      Control(*step.controls);
    } else if (step.says.has_value()) {
      Say(*step.says);
    } else if (step.again != 0 || step.event.has_value()) {
      const std::string answer = step.again != 0 ? Repeat(step.again) : Send(*step.event, step.takes_id);
      if (!answer.empty()) return answer;
    } else if (step.company.has_value()) {
      const std::string answer = Send(*step.company);
      if (!answer.empty()) return answer;
    } else if (step.standing.has_value()) {
      const std::string answer = Differ("the answer", {live_.Change(*step.standing)}, {Change(*step.standing)});
      if (!answer.empty()) return answer;
    } else {
      live_.AdvanceTo(live_.now() + step.passes);
      world_.AdvanceTo(world_.now() + step.passes);
    }
    const std::string records = CompareRecords();
    if (!records.empty()) return records;
    const std::string people = Differ("what was said of users", Show(live_.program(), live_.view().users()), ShowPeople(world_));
    if (!people.empty()) return people;
    const std::string outbox = outbox_ ? Differ("what failed and what leaves the house", ShowOutbox(), world_.ShowOutbox()) : "";
    return outbox.empty() ? CompareContacts() : outbox;
  }

  // All that records said, and what has become of failures and deliveries.
  std::vector<std::string> Told() const {
    std::vector<std::string> told = outbox_ ? world_.ShowOutbox() : std::vector<std::string>();
    told.insert(told.end(), told_.begin(), told_.end());
    return told;
  }
  std::size_t records() const { return records_; }
  std::size_t failed() const { return failed_; }
  std::size_t repeated() const { return repeated_; }
  std::size_t deployed() const { return deployed_; }

 private:
  static std::vector<runtime::Revision::File> FilesOf(const runtime::RandomScript& script) {
    std::vector<runtime::Revision::File> files;
    for (auto& [name, text] : script.Files()) files.push_back({name, text});
    return files;
  }
  static std::uint8_t RoutesOf(const History& history) { return history.outbox ? runtime::kNotifyByEmail | runtime::kNotifyByChat : 0; }
  static bool IsKept(const History& history) {
    return std::any_of(history.steps.begin(), history.steps.end(), [](const runtime::RandomStep& step) {
      return step.restarts || step.deploys.has_value() || step.retries.has_value();
    });
  }

  // False: the scripts have errors, and nothing is deployed.
  bool Deploy(const runtime::RandomDeployment& deployment) {
    std::optional<Script> next = Script::Read(deployment.script.Files(), world_.RulesInProgress());
    const std::shared_ptr<const ir::Program> program = live_.Deploy(FilesOf(deployment.script), deployment.enrols);
    if (program == nullptr) return false;
    TakePlaces(*program, *next);
    // Whose turn comes when is the engine's business, as long as each has one.
    std::vector<World::Turn> turns;
    live_.AdvanceTo(live_.now());
    unseen_ = live_.TakeRecords();
    for (const runtime::Record& record : unseen_) {
      const bool fires = record.kind == runtime::RecordKind::kTimer;
      const bool enrols = record.kind == runtime::RecordKind::kEnrolment && record.contact != runtime::kNoContact;
      if (fires || enrols) turns.push_back({std::string(live_.contact(record.contact).id()), fires});
    }
    world_.Deploy(std::make_shared<Script>(std::move(*next)), deployment.enrols, turns);
    world_.AdvanceTo(world_.now());
    world_.SortByContact(reference_seen_);
    std::stable_sort(unseen_.begin(), unseen_.end(),
                     [](const runtime::Record& a, const runtime::Record& b) { return a.contact < b.contact; });
    ++deployed_;
    return true;
  }

  void Say(const runtime::RandomUserChange& says) {
    runtime::UserChange change{says.user, says.deactivated, {}, "mika@acme.example"};
    std::optional<std::vector<Absence>> absences;
    if (says.absences.has_value()) {
      change.absences.emplace();
      absences.emplace();
      for (const auto& [from, until] : *says.absences) {
        change.absences->push_back({live_.now() + from, live_.now() + until, "away"});
        absences->push_back({world_.now() + from, world_.now() + until, "away"});
      }
    }
    live_.SayOfUser(change);
    world_.SayOfUser(says.user, says.deactivated, absences);
  }

  void Control(const runtime::RandomControl& control) {
    const std::vector<ir::Rule>& rules = live_.program().rules;
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const ir::Rule& rule) {
      return rule.declared && rule.of_revision == 0 && rule.name == control.rule;
    });
    if (found == rules.end()) return;
    const auto rule = static_cast<std::uint32_t>(found - rules.begin());
    if (control.what == runtime::RandomControl::What::kStop) {
      const runtime::Contact* contact = live_.Find(control.contact);
      if (contact == nullptr && !control.contact.empty()) return;
      live_.StopRuns({rule, contact == nullptr ? std::nullopt : std::optional(contact->number()), "enough", "mika@acme.example"});
      world_.StopRuns(control.rule, control.contact);
    } else {
      const bool on = control.what == runtime::RandomControl::What::kOn;
      live_.SwitchRule(rule, on);
      world_.Switch(control.rule, on);
    }
    // What had to wait goes on.
    live_.AdvanceTo(live_.now());
    world_.AdvanceTo(world_.now());
  }

  // By number, from 1; 0: there is none.
  template <typename Items, typename Wanted>
  static std::size_t Choose(const runtime::RandomRetry& retry, const Items& items, const Wanted& wanted) {
    std::vector<std::size_t> numbers;
    for (std::size_t place = 0; place < items.size(); ++place) {
      if (retry.of_all || wanted(items[place])) numbers.push_back(place + 1);
    }
    return numbers.empty() ? 0 : numbers[numbers.size() - 1 - retry.ago % numbers.size()];
  }
  std::string Retry(const runtime::RandomRetry& retry) {
    const std::size_t number = Choose(retry, live_.view().failures(), [](const runtime::Failure& each) { return !each.is_closed; });
    bool is_done = false;
    const runtime::Status status = live_.Retry(number == 0 ? 1 : live_.view().failures()[number - 1].id, is_done);
    const TriedAgain engine = status.ok()                                     ? (is_done ? TriedAgain::kDone : TriedAgain::kFailed)
                              : status.code == runtime::StatusCode::kNotFound ? TriedAgain::kNoSuchFailure
                                                                              : TriedAgain::kCannot;
    const TriedAgain reference = world_.Try(number);
    if (engine == reference) return {};
    return "the engine answers to another attempt " + std::to_string(static_cast<int>(engine)) + " " + status.message + ", the reference " +
           std::to_string(static_cast<int>(reference)) + "\n";
  }
  std::string PutOutcome(const runtime::RandomOutcome& outcome) {
    const std::vector<runtime::Dispatch>& dispatches = live_.view().dispatches();
    const std::size_t number = Choose(outcome.which, dispatches, [](const runtime::Dispatch& each) { return IsOpen(each.state); });
    if (number == 0) return {};
    if (outcome.again) {
      const bool engine = live_.RetryDispatch(dispatches[number - 1].id).ok();
      return engine == world_.SendAgain(number) ? "" : "one of the two sends again what was sent\n";
    }
    runtime::Dispatch told = dispatches[number - 1];
    Dispatch& reference = world_.dispatches()[number - 1];
    told.state = reference.state = outcome.state;
    reference.attempts = ++told.attempts;
    told.next_at = reference.next_at = outcome.state == runtime::DispatchState::kWaiting ? live_.now() + outcome.next_in : 0;
    told.error = reference.error = outcome.state == runtime::DispatchState::kSent ? "" : "450 later";
    told.tried_at = live_.now();
    live_.PutOutcome(told);
    return {};
  }
  std::vector<std::string> ShowOutbox() const {
    std::vector<std::string> lines;
    for (const runtime::Failure& failure : live_.view().failures()) {
      const bool event = failure.kind == runtime::Failure::Kind::kEvent;
      std::string line = event ? "event"
                               : live_.contact(failure.contact).id() + ": " +
                                     (failure.rule == runtime::kNoRule ? "no rule" : live_.program().rules[failure.rule].name) +
                                     " refused (" + ReasonOf(failure);
      if (failure.tried_at != 0) line += " tried at " + FormatTime(live_.program(), failure.tried_at);
      lines.push_back(line + (failure.is_closed ? " mended" : ""));
    }
    for (const runtime::Dispatch& dispatch : live_.view().dispatches()) {
      lines.push_back(what_.at(dispatch.id) + " state " + std::to_string(static_cast<int>(dispatch.state)) + " after " +
                      std::to_string(dispatch.attempts) + " next " + FormatTime(live_.program(), dispatch.next_at) + " " + dispatch.error);
    }
    return lines;
  }
  // What each dispatch of the record sends.
  void NoteDispatches(const runtime::Record& record) {
    for (const runtime::Effect& effect : record.effects) {
      runtime::ForEachNewDispatch(record, effect, [&](const runtime::Dispatch& dispatch) {
        runtime::Record alone = record;
        alone.effects = {effect};
        what_[dispatch.id] = live_.contact(record.contact).id() + ": " + runtime::DescribeEffects(live_.program(), alone).front();
      });
    }
  }

  // An event as each of the two knows it: what is a place in the journal to the one is a number to the other.
  struct Sent {
    std::unique_ptr<runtime::PlayedEvent> engine;
    std::unique_ptr<runtime::PlayedEvent> reference;
  };
  std::string Send(const runtime::RandomEvent& event, bool takes_id) {
    const runtime::Contact* contact = live_.Find(event.contact);
    const auto created_at = contact == nullptr ? std::nullopt : std::optional(contact->created_at());
    if (!takes_id || sent_.empty()) ++ids_;
    const std::string id = "event " + std::to_string(ids_);
    runtime::RandomEvent known = event;
    runtime::RandomEvent numbered = event;
    if (event.task.has_value()) {
      const std::size_t number = Choose(*event.task, contact);
      known.fields.emplace_back("task", std::to_string(number == 0 ? 1 : live_.view().tasks()[number - 1].id));
      numbered.fields.emplace_back("task", std::to_string(number));
    }
    sent_.push_back({std::make_unique<runtime::PlayedEvent>(known, live_.now(), created_at, id),
                     std::make_unique<runtime::PlayedEvent>(numbered, world_.now(), created_at, id)});
    return Answer(sent_.back());
  }
  std::string Send(const runtime::RandomCompany& company) {
    const runtime::PlayedEvent change(company.change, live_.now(), std::nullopt, "change " + std::to_string(++ids_));
    const runtime::CompanyInput input{change.input(), company.remove};
    return Compared(live_.Change(input), world_.Change(input));
  }
  // In the order in which they were made, from 1; 0: none.
  std::size_t Choose(const runtime::RandomTask& task, const runtime::Contact* contact) const {
    std::vector<std::size_t> numbers;
    const std::vector<runtime::Task>& tasks = live_.view().tasks();
    for (std::size_t place = 0; place < tasks.size(); ++place) {
      const bool own = contact != nullptr && tasks[place].contact == contact->number();
      if (own != task.of_others) numbers.push_back(place + 1);
    }
    return numbers.empty() ? 0 : numbers[numbers.size() - 1 - task.ago % numbers.size()];
  }
  std::string Repeat(std::size_t ago) { return ago > sent_.size() ? "" : Answer(sent_[sent_.size() - ago]); }
  std::string Answer(const Sent& event) { return Compared(live_.Apply(event.engine->input()), world_.Apply(event.reference->input())); }
  std::string Compared(const runtime::EventResult& engine, runtime::EventState reference) {
    failed_ += engine.state == runtime::EventState::kFailed ? 1 : 0;
    const bool known = reference == runtime::EventState::kDuplicate || reference == runtime::EventState::kRejected;
    repeated_ += known ? 1 : 0;
    if (engine.state == reference) return {};
    return "the engine answers " + std::to_string(static_cast<int>(engine.state)) + " " + engine.status.message + ", the reference " +
           std::to_string(static_cast<int>(reference)) + "\n";
  }

  std::string Change(const runtime::RandomStanding& standing) {
    using Kind = runtime::RandomStanding::Kind;
    switch (standing.kind) {
      case Kind::kDelete:
        return world_.Delete(standing.contact);
      case Kind::kRestore:
        return world_.Restore(standing.contact);
      case Kind::kMerge:
        return world_.Merge(standing.contact, standing.other);
      case Kind::kErase:
        break;
    }
    return world_.Erase(standing.contact);
  }

  // Records that did nothing are left out: which of them there are is nobody's business.
  std::vector<std::string> NewEngineLines() {
    std::vector<std::string> all;
    std::vector<runtime::Record> records = live_.TakeRecords();
    records.insert(records.begin(), unseen_.begin(), unseen_.end());
    unseen_.clear();
    for (const runtime::Record& record : records) {
      ++records_;
      if (outbox_) NoteDispatches(record);
      std::vector<std::string> lines = LinesOf(live_.program(), record);
      // What of it comes first is nobody's business.
      if (record.kind == runtime::RecordKind::kStanding) std::sort(lines.begin(), lines.end());
      lines = Settled(std::move(lines));
      if (lines.empty()) continue;
      all.push_back("at " + FormatTime(live_.program(), record.occurred_at));
      all.insert(all.end(), lines.begin(), lines.end());
    }
    return all;
  }
  std::vector<std::string> NewReferenceLines() {
    std::vector<std::string> all;
    for (; reference_seen_ < world_.outcomes().size(); ++reference_seen_) {
      const Outcome& outcome = world_.outcomes()[reference_seen_];
      if (outcome.lines.empty()) continue;
      const std::vector<std::string> lines = Settled(outcome.lines);
      all.push_back("at " + world_.script().ShowTime(outcome.at));
      all.insert(all.end(), lines.begin(), lines.end());
      told_.insert(told_.end(), outcome.lines.begin(), outcome.lines.end());
    }
    return all;
  }
  // What a record says of a company comes last. Nobody has promised an order of that, nor of the values that a contact gets from it
  // together.
  std::vector<std::string> Settled(std::vector<std::string> lines) const {
    const auto is_of_contact = [&](const std::string& line) {
      return std::none_of(world_.companies().begin(), world_.companies().end(), [&](const auto& company) {
        return line.starts_with("company " + company.first + ":") || line == "company " + company.first + " made";
      });
    };
    std::stable_partition(lines.begin(), lines.end(), is_of_contact);
    const auto is_shared = [](const std::string& line) {
      return line.starts_with("company ") || line.starts_with("refused (late): company ");
    };
    for (auto first = lines.begin(); first != lines.end();) {
      first = std::find_if(first, lines.end(), is_shared);
      const auto end = std::find_if_not(first, lines.end(), is_shared);
      std::sort(first, end);
      first = end;
    }
    return lines;
  }
  std::string CompareRecords() { return Differ("what happened", NewEngineLines(), NewReferenceLines()); }

  std::string CompareContacts() const {
    if (live_.contacts() != world_.contacts().size()) return "another number of contacts\n";
    for (std::uint32_t number = 0; number < live_.contacts(); ++number) {
      const runtime::Contact& contact = live_.contact(number);
      const Contact& other = world_.contacts()[number];
      if (contact.id() != other.id) return "contact " + std::to_string(number) + " is " + contact.id() + " or " + other.id + "\n";
      const std::string difference =
          Differ("the state of " + contact.id(), Show(live_.program(), contact, live_.view().tasks()), world_.Show(other));
      if (!difference.empty()) return difference;
      if (other.standing == Standing::kErased) continue;
      const runtime::Contact* meant = live_.Find(other.id);
      if (meant == nullptr || meant->number() != world_.Find(other.id)->number) return other.id + " means another contact\n";
    }
    const std::vector<std::string> behind = world_.BehindTheirCompany();
    if (!behind.empty()) return behind.front() + " has not what its company has\n";
    return Differ("the companies", live_.ShowCompanies(), world_.ShowCompanies());
  }

  Live live_;
  World world_;
  std::vector<Sent> sent_;
  std::vector<runtime::Record> unseen_;  // taken, and not compared yet
  int ids_ = 0;
  std::size_t records_ = 0;
  std::size_t reference_seen_ = 0;
  std::size_t failed_ = 0;
  std::size_t repeated_ = 0;
  std::size_t deployed_ = 0;
  std::vector<std::string> told_;
  bool outbox_ = false;
  std::map<std::int64_t, std::string> what_;  // by dispatch
};

// The history without the steps or rules from `first` on.
template <typename Part>
std::vector<Part> Without(const std::vector<Part>& parts, std::size_t first, std::size_t count) {
  std::vector<Part> rest(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(first));
  rest.insert(rest.end(), parts.begin() + static_cast<std::ptrdiff_t>(std::min(parts.size(), first + count)), parts.end());
  return rest;
}

// Leaves out what the difference does not need, larger pieces first.
template <typename Part>
void ShrinkParts(History& history, std::vector<Part> History::*parts) {
  for (std::size_t count = std::max<std::size_t>(1, (history.*parts).size() / 2); count > 0; count /= 2) {
    for (std::size_t first = 0; first < (history.*parts).size();) {
      History smaller = history;
      smaller.*parts = Without(history.*parts, first, count);
      if (Compare(smaller).result == Comparison::Result::kDifferent) {
        history = std::move(smaller);
      } else {
        first += count;
      }
    }
  }
}

template <typename RulesOf>
void ShrinkRules(History& history, const RulesOf& rules_of) {
  for (std::size_t rule = 0; rule < rules_of(history).size();) {
    History smaller = history;
    rules_of(smaller) = Without(rules_of(history), rule, 1);
    if (Compare(smaller).result == Comparison::Result::kDifferent) {
      history = std::move(smaller);
    } else {
      ++rule;
    }
  }
}

}  // namespace

Comparison Compare(const History& history) {
  Comparison comparison;
  std::vector<Source> sources;
  for (const auto& [name, text] : history.script.Files()) sources.emplace_back(name, text);
  const CompileResult compiled = Compile(std::move(sources));
  std::optional<Script> script = compiled.program == nullptr ? std::nullopt : Script::Read(history.script.Files());
  if (!script.has_value()) {
    comparison.result = Comparison::Result::kNoScript;
    return comparison;
  }
  TakePlaces(*compiled.program, *script);
  try {
    Pair pair(compiled.program, history, std::make_shared<Script>(std::move(*script)));
    for (; comparison.step < history.steps.size(); ++comparison.step) {
      comparison.difference = pair.Play(history.steps[comparison.step]);
      comparison.records = pair.records();
      comparison.failed = pair.failed();
      comparison.repeated = pair.repeated();
      comparison.deployed = pair.deployed();
      if (comparison.difference.empty()) continue;
      comparison.result = Comparison::Result::kDifferent;
      break;
    }
    comparison.told = pair.Told();
  } catch (const Unsupported& unsupported) {
    comparison.result = Comparison::Result::kUnsupported;
    comparison.difference = unsupported.what();
  } catch (const TooLong& too_long) {
    comparison.result = Comparison::Result::kTooLong;
    comparison.difference = too_long.what();
  }
  return comparison;
}

History Shrink(History history) {
  history.steps.resize(std::min(history.steps.size(), Compare(history).step + 1));
  // Rules and steps are each parts; once more, since fewer of the one may need fewer of the other.
  for (int i = 0; i < 2; ++i) {
    ShrinkParts(history, &History::steps);
    ShrinkRules(history, [](History& each) -> std::vector<std::string>& { return each.script.rules; });
    for (std::size_t step = 0; step < history.steps.size(); ++step) {
      if (!history.steps[step].deploys.has_value()) continue;
      ShrinkRules(history, [step](History& each) -> std::vector<std::string>& { return each.steps[step].deploys->script.rules; });
    }
  }
  return history;
}

std::string Describe(const History& history) {
  std::string text;
  for (const std::string& rule : history.script.rules) text += rule;
  for (const runtime::RandomStep& step : history.steps) text += "> " + runtime::Describe(step) + "\n";
  return text;
}

}  // namespace stagecraft::reference
