// Random scripts and steps as files, words and input: nothing here is random.
#include <algorithm>
#include <utility>

#include "tests/support/random_history.h"
#include "tests/support/random_subjects.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kHour = 3'600'000'000;

InputValue Input(const RandomEvent::Value& value, Micros now) {
  if (const auto* text = std::get_if<std::string>(&value)) return std::string_view(*text);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  return Micros{now + std::get<RandomEvent::FromNow>(value).offset};
}

std::string Hours(Micros micros) {
  const Micros rest = micros % kHour;
  return std::to_string(micros / kHour) + " h" + (rest == 0 ? "" : " and " + std::to_string(rest) + " us");
}

std::string Show(const RandomEvent::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(static_cast<std::int64_t>(*number));
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "yes" : "no";
  return "now + " + Hours(std::get<RandomEvent::FromNow>(value).offset);
}

std::string DescribeEvent(const RandomEvent& event, bool takes_id) {
  std::string line = event.contact + ": " + event.type;
  if (takes_id) line += ", with the id of the one before";
  if (event.late != 0) line += ", " + Hours(event.late) + " late";
  if (event.task.has_value())
    line += " | task: " + std::to_string(event.task->ago) + " before the newest" + (event.task->of_others ? " of others" : "");
  for (const auto& [name, value] : event.fields) line += " | " + name + ": " + Show(value);
  for (const auto& [name, value] : event.properties) line += " | " + name + " = " + Show(value);
  return line;
}

std::string Describe(const RandomUserChange& change) {
  std::string line = change.user;
  if (change.deactivated.has_value()) line += *change.deactivated ? " is deactivated" : " is active";
  if (!change.absences.has_value()) return line;
  line += change.absences->empty() ? " is never away" : " is away";
  for (const auto& [from, until] : *change.absences) line += " from now + " + Hours(from) + " until now + " + Hours(until);
  return line;
}

std::string Describe(const RandomControl& control) {
  constexpr const char* kWhat[] = {" is switched on", " is switched off", ": runs are ended"};
  return control.rule + kWhat[static_cast<int>(control.what)] + (control.contact.empty() ? "" : " of " + control.contact);
}

std::string Describe(const RandomRetry& retry) {
  return std::to_string(retry.ago) + " before the newest " + (retry.of_all ? "of all" : "that is open");
}

std::string Describe(const RandomOutcome& outcome) {
  constexpr const char* kStates[] = {"pending", "waiting", "sent", "sent dry", "dead"};
  return "delivery " + Describe(outcome.which) +
         (outcome.again ? " once more" : std::string(" is ") + kStates[static_cast<int>(outcome.state)]);
}

}  // namespace

std::string RandomScript::Text() const {
  std::string text = vocabulary;
  for (const std::string& rule : rules) text += rule;
  return text;
}

std::vector<std::pair<std::string, std::string>> RandomScript::Files() const {
  if (!two_files) return {{"random.stage", Text()}};
  std::string first;
  std::string second = vocabulary;
  for (const std::string& rule : rules) {
    // `rule "12"`: by the last digit of its name, so that it stays where it is when others are left out.
    const char digit = rule[rule.find('"', rule.find('"') + 1) - 1];
    (digit % 2 == 0 ? first : second) += rule;
  }
  return {{"b.stage", second}, {"a.stage", first}};
}

std::string Describe(const RandomStep& step) {
  if (step.deploys.has_value()) {
    std::string text = step.deploys->enrols ? "deployment that enrols who is there" : "deployment";
    for (const std::string& rule : step.deploys->script.rules) text += "\n" + rule;
    return text;
  }
  if (step.says.has_value()) return Describe(*step.says);
  if (step.controls.has_value()) return Describe(*step.controls);
  if (step.retries.has_value()) return "another attempt at the failure " + Describe(*step.retries);
  if (step.outcome.has_value()) return Describe(*step.outcome);
  if (step.restarts) return step.from_checkpoint ? "restart from a checkpoint" : "restart from the journal";
  if (step.company.has_value()) return "company " + DescribeEvent(step.company->change, false) + (step.company->remove ? " (deleted)" : "");
  if (step.standing.has_value()) return DescribeStanding(*step.standing);
  if (step.again != 0) return "the event " + std::to_string(step.again) + " before comes again";
  if (step.clock_back != 0) return "the machine's clock is set back by " + Hours(step.clock_back);
  if (!step.event.has_value()) return Hours(step.passes) + " pass";
  return DescribeEvent(*step.event, step.takes_id);
}

PlayedEvent::PlayedEvent(const RandomEvent& event, Micros now, std::optional<Micros> contact_created_at, std::string id)
    : event_(event), id_(std::move(id)) {
  for (const auto& [name, value] : event_.fields) fields_.push_back({name, Input(value, now)});
  for (const auto& [name, value] : event_.properties) properties_.push_back({name, Input(value, now)});
  input_.id = id_;
  input_.contact = event_.contact;
  input_.type = event_.type;
  input_.create = CreateMode::kCreateIfMissing;
  input_.occurred_at = std::max(contact_created_at.value_or(now), now - event_.late);
  input_.fields = fields_;
  input_.properties = properties_;
}

}  // namespace stagecraft::runtime
