#include "tests/reference/compare.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <regex>
#include <utility>

#include "dsl/compile.h"
#include "tests/reference/live.h"
#include "tests/reference/places.h"
#include "tests/reference/world.h"
#include "tests/support/simulation.h"

namespace stagecraft::reference {
namespace {

std::string FormatTime(const ir::Program& program, Micros at) { return runtime::FormatValue(program, ir::Type::kTime, 0, {true, at, {}}); }

// What the engine says of a record, without what is compared as state: timers, waits, scores and lists.
std::vector<std::string> LinesOf(const ir::Program& program, const runtime::Record& record) {
  runtime::Record told = record;
  std::erase_if(told.effects, [](const runtime::Effect& effect) {
    using Kind = runtime::EffectKind;
    return effect.kind == Kind::kNodeChanged || effect.kind == Kind::kTimerArmed || effect.kind == Kind::kTimerDropped ||
           effect.kind == Kind::kRunWaiting;
  });
  std::vector<std::string> lines = runtime::DescribeEffects(program, told);
  if (std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("failed: "); })) return {"failed"};
  // Rules that are gone have their key for a name.
  static const std::regex gone("`(?:rule|sequence) \"([^\"]*)\"[^`]*`");
  for (std::string& line : lines) line = std::regex_replace(line, gone, "`$1`");
  return lines;
}

// Of a contact that has become part of another one nothing is looked at; of one that was erased there should be nothing.
std::vector<std::string> Show(const ir::Program& program, const runtime::Contact& contact) {
  const runtime::Standing standing = contact.departure().standing;
  if (standing == runtime::Standing::kMerged) return {"merged into number " + std::to_string(contact.departure().into)};
  std::vector<std::string> lines;
  if (standing == runtime::Standing::kDeleted) lines.push_back("deleted");
  if (standing == runtime::Standing::kErased) lines.push_back("erased");
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const ir::Property& property = program.properties[slot];
    if (contact.IsSet(slot)) {
      lines.push_back(property.name + " = " + runtime::FormatValue(program, property.type, slot, contact.Get(slot)));
    }
    for (std::uint32_t option = 0; option < property.options.size(); ++option) {
      const auto at = contact.EnteredAt(slot, option);
      if (at.has_value())
        lines.push_back("became " + property.name + " " + property.options[option].label + " " + FormatTime(program, *at));
    }
  }
  for (std::size_t node = 0; node < program.nodes.size(); ++node) {
    const std::string& name = program.nodes[node].name;
    if (!name.empty() && program.nodes[node].kind != ir::NodeKind::kCriterion) {
      lines.push_back(name + " is " + std::to_string(contact.derived[node]));
    }
  }
  if (contact.last_contacted() != 0) lines.push_back("last contacted " + FormatTime(program, contact.last_contacted()));
  for (const runtime::ArmedTimer& timer : contact.timers()) {
    lines.push_back("timer of " + program.rules[timer.rule].name + " due " + FormatTime(program, timer.due));
  }
  for (const runtime::Run& run : contact.runs()) {
    const Micros at = run.WakesAt();
    lines.push_back("run of " + program.rules[run.rule].name + (run.HasBegun() ? "" : " not begun") +
                    (at == runtime::Run::kNever ? "" : " wakes " + FormatTime(program, at)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

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
  Pair(std::shared_ptr<const ir::Program> program, const History& history, std::shared_ptr<const Script> script)
      : live_(std::move(program), FilesOf(history.script), history.start, IsKept(history)), world_(std::move(script), history.start) {}

  // Both play the step; what is different then.
  std::string Play(const runtime::RandomStep& step) {
    if (step.restarts) return live_.Restart(step.from_checkpoint);
    if (step.deploys.has_value()) {
      if (!Deploy(*step.deploys)) return {};
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
    return records.empty() ? CompareContacts() : records;
  }

  const std::vector<std::string>& told() const { return told_; }
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
  static bool IsKept(const History& history) {
    return std::any_of(history.steps.begin(), history.steps.end(),
                       [](const runtime::RandomStep& step) { return step.restarts || step.deploys.has_value(); });
  }

  // False: the scripts have errors, and nothing is deployed.
  bool Deploy(const runtime::RandomDeployment& deployment) {
    std::optional<Script> next = Script::Read(deployment.script.Files(), world_.RulesInProgress());
    const std::shared_ptr<const ir::Program> program = live_.Deploy(FilesOf(deployment.script), deployment.enrols);
    if (program == nullptr) return false;
    TakePlaces(*program, *next);
    // Whose turn comes when is the engine's business, as long as each has one.
    std::vector<std::string> enrolled;
    live_.AdvanceTo(live_.now());
    unseen_ = live_.TakeRecords();
    for (const runtime::Record& record : unseen_) {
      const bool of_contact = record.kind == runtime::RecordKind::kEnrolment && record.contact != runtime::kNoContact;
      if (of_contact) enrolled.emplace_back(live_.contact(record.contact).id());
    }
    world_.Deploy(std::make_shared<Script>(std::move(*next)), deployment.enrols, enrolled);
    world_.AdvanceTo(world_.now());
    world_.SortByContact(reference_seen_);
    std::stable_sort(unseen_.begin(), unseen_.end(),
                     [](const runtime::Record& a, const runtime::Record& b) { return a.contact < b.contact; });
    ++deployed_;
    return true;
  }

  std::string Send(const runtime::RandomEvent& event, bool takes_id) {
    const runtime::Contact* contact = live_.Find(event.contact);
    const auto created_at = contact == nullptr ? std::nullopt : std::optional(contact->created_at());
    if (!takes_id || sent_.empty()) ++ids_;
    sent_.push_back(std::make_unique<runtime::PlayedEvent>(event, live_.now(), created_at, "event " + std::to_string(ids_)));
    return Answer(*sent_.back());
  }
  std::string Send(const runtime::RandomCompany& company) {
    const runtime::PlayedEvent change(company.change, live_.now(), std::nullopt, "change " + std::to_string(++ids_));
    const runtime::CompanyInput input{change.input(), company.remove};
    return Compared(live_.Change(input), world_.Change(input));
  }
  std::string Repeat(std::size_t ago) { return ago > sent_.size() ? "" : Answer(*sent_[sent_.size() - ago]); }
  std::string Answer(const runtime::PlayedEvent& event) { return Compared(live_.Apply(event.input()), world_.Apply(event.input())); }
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
      const std::string difference = Differ("the state of " + contact.id(), Show(live_.program(), contact), world_.Show(other));
      if (!difference.empty()) return difference;
      if (other.standing == Standing::kErased) continue;
      const runtime::Contact* meant = live_.Find(other.id);
      if (meant == nullptr || meant->number() != world_.Find(other.id)->number) return other.id + " means another contact\n";
    }
    return Differ("the companies", live_.ShowCompanies(), world_.ShowCompanies());
  }

  Live live_;
  World world_;
  std::vector<std::unique_ptr<runtime::PlayedEvent>> sent_;
  std::vector<runtime::Record> unseen_;  // taken, and not compared yet
  int ids_ = 0;
  std::size_t records_ = 0;
  std::size_t reference_seen_ = 0;
  std::size_t failed_ = 0;
  std::size_t repeated_ = 0;
  std::size_t deployed_ = 0;
  std::vector<std::string> told_;
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
    comparison.told = pair.told();
  } catch (const Unsupported& unsupported) {
    comparison.result = Comparison::Result::kUnsupported;
    comparison.difference = unsupported.what();
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
