#include "tests/reference/show.h"

#include <algorithm>
#include <regex>

#include "dsl/support/text.h"
#include "runtime/exec/resolve.h"
#include "tests/support/simulation.h"

namespace stagecraft::reference {
namespace {

std::string Show(const ir::Program& program, const runtime::Task& task) {
  constexpr const char* kPriorities[] = {" normal", " low", " high"};
  std::string line = task.title + " for " + task.assignee;
  if (task.due_at.has_value()) line += " due " + FormatTime(program, *task.due_at);
  return line + kPriorities[task.priority] + (task.completed ? " completed" : "");
}

}  // namespace

std::string FormatTime(const ir::Program& program, Micros at) { return runtime::FormatValue(program, ir::Type::kTime, 0, {true, at, {}}); }

std::vector<std::string> LinesOf(const ir::Program& program, const runtime::Record& record) {
  using Kind = runtime::EffectKind;
  runtime::Record told = record;
  std::erase_if(told.effects, [](const runtime::Effect& effect) {
    const bool reminder = effect.kind == Kind::kTaskChanged && effect.detail == static_cast<std::uint8_t>(runtime::TaskPart::kRemind);
    return effect.kind == Kind::kNodeChanged || effect.kind == Kind::kTimerArmed || effect.kind == Kind::kTimerDropped ||
           effect.kind == Kind::kRunWaiting || effect.kind == Kind::kReminder || reminder;
  });
  for (runtime::Effect& effect : told.effects) {
    // Whose turn it was goes without saying, but not here.
    if (effect.kind == runtime::EffectKind::kAssigned && effect.detail == static_cast<std::uint8_t>(runtime::AssignedBy::kTurn) &&
        effect.after.text.empty())
      effect.after.text = "it was";
  }
  std::vector<std::string> lines = runtime::DescribeEffects(program, told);
  if (std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("failed: "); })) return {"failed"};
  // Rules that are gone have their key for a name.
  // Why it was this one is for people; that somebody was out, and why, is not.
  static const std::regex chosen("^((turn of|least has|account of) [^:]*): .*");
  for (std::string& line : lines) line = std::regex_replace(line, chosen, "$1");
  static const std::regex gone("`(?:rule|sequence) \"([^\"]*)\"[^`]*`");
  for (std::string& line : lines) line = std::regex_replace(line, gone, "`$1`");
  return lines;
}

std::vector<std::string> Show(const ir::Program& program, const runtime::Contact& contact, const std::vector<runtime::Task>& tasks) {
  const runtime::Standing standing = contact.departure().standing;
  if (standing == runtime::Standing::kMerged) return {"merged into number " + std::to_string(contact.departure().into)};
  std::vector<std::string> lines;
  if (standing == runtime::Standing::kDeleted) lines.push_back("deleted");
  if (standing == runtime::Standing::kErased) lines.push_back("erased");
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const ir::Property& property = program.properties[slot];
    if (contact.IsSet(slot)) {
      lines.push_back(property.name + " = " + runtime::FormatValue(program, property.type, slot, contact.Get(slot)) + " since " +
                      FormatTime(program, contact.ChangedAt(slot)));
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
  for (std::size_t place = 0; place < tasks.size(); ++place) {
    if (tasks[place].contact != contact.number() || standing == runtime::Standing::kErased) continue;
    std::string line = "task " + std::to_string(place + 1) + " " + Show(program, tasks[place]);
    const runtime::Reminder* reminder = contact.progress().FindReminder(tasks[place].id);
    if (reminder != nullptr) line += " reminder at " + FormatTime(program, reminder->due);
    lines.push_back(std::move(line));
  }
  for (const runtime::Run& run : contact.runs()) {
    const Micros at = run.WakesAt();
    lines.push_back("run of " + program.rules[run.rule].name + (run.HasBegun() ? "" : " not begun") +
                    (at == runtime::Run::kNever ? "" : " wakes " + FormatTime(program, at)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> Show(const ir::Program& program, const std::vector<runtime::User>& users) {
  std::vector<std::string> lines;
  for (const runtime::User& user : users) {
    if (!user.deactivated && user.absences.empty()) continue;
    lines.push_back(FoldCase(user.name) + (user.deactivated ? " deactivated" : ""));
    for (const runtime::Absence& absence : user.absences) {
      lines.back() += " away " + FormatTime(program, absence.from) + " to " + FormatTime(program, absence.until);
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> ShowPeople(const World& world) {
  std::vector<std::string> lines;
  for (const auto& [folded, person] : world.house().people) {
    if (!person.deactivated && person.absences.empty()) continue;
    lines.push_back(folded + (person.deactivated ? " deactivated" : ""));
    for (const Absence& absence : person.absences) {
      lines.back() += " away " + world.script().ShowTime(absence.from) + " to " + world.script().ShowTime(absence.until);
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string ReasonOf(const runtime::Failure& failure) {
  using Reason = runtime::RefusalReason;
  switch (static_cast<Reason>(failure.reason)) {
    case Reason::kNoRecipient:
      return "nobody there";
    case Reason::kOutOfRange:
      return "out of range";
    case Reason::kTooManyRuns:
      return "too many runs";
    case Reason::kNoDeal:
      return "no open deal";
    case Reason::kDeactivated:
      return "deactivated";
    case Reason::kNobodyFree:
      return "nobody free";
    case Reason::kNotSet:
      return "not set";
    case Reason::kByZero:
      return "divided by zero";
    case Reason::kNotFitting:
      return "not fitting";
    case Reason::kEventFailed:
      return "no end";
    default:
      return "no failure";
  }
}

}  // namespace stagecraft::reference
