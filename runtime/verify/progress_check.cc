#include "runtime/verify/progress_check.h"

#include <string>

#include "runtime/exec/resolve.h"

namespace stagecraft::runtime {
namespace {

bool IsLive(const ir::Program& program, std::uint32_t rule) {
  return rule < program.rules.size() && program.rules[rule].declared && !program.rules[rule].disabled;
}

// Runs of a rule that is switched off stand still, and those of one that was changed have its code of before.
bool IsKept(const ir::Program& program, std::uint32_t rule) {
  return rule < program.rules.size() && (program.rules[rule].declared || program.rules[rule].of_revision != 0);
}

std::string NameOf(const ir::Program& program, std::uint32_t rule) {
  return rule < program.rules.size() ? "`" + program.rules[rule].name + "`" : "number " + std::to_string(rule);
}

std::string TimeOf(const ir::Program& program, Micros at) { return FormatValue(program, ir::Type::kTime, 0, {true, at, {}}); }

// Empty: nothing.
std::string FlawOf(const Executor& executor, Micros deployed_at, const Contact& contact, const ArmedTimer& timer) {
  const ir::Program& program = executor.program();
  if (!IsLive(program, timer.rule)) return "there is no such rule";
  if (executor.Wants(contact, timer)) return {};
  // What was due before the deployment is still owed, by the delay of before.
  return timer.due <= deployed_at ? "" : "the rule does not want it for the contact's state";
}

std::string FlawOf(const ir::Program& program, const Run& run) {
  if (!IsKept(program, run.rule)) return "there is no such rule";
  const ir::Rule& rule = program.rules[run.rule];
  if (!run.HasBegun()) return rule.trigger == ir::TriggerKind::kEventTimed ? "" : "it has not begun, but nothing announces its rule";
  if (run.at >= rule.actions.size() || rule.actions[run.at].kind != ir::ActionKind::kWait) return "there is no wait where it waits";
  return {};
}

}  // namespace

void CheckProgress(const Executor& executor, Micros deployed_at, const Contact& contact, Report& report) {
  const ir::Program& program = executor.program();
  for (const ArmedTimer& timer : contact.timers()) {
    const std::string flaw = FlawOf(executor, deployed_at, contact, timer);
    if (flaw.empty()) continue;
    report.Add(Invariant::kTimers, "contact `" + contact.id() + "` has a timer of rule " + NameOf(program, timer.rule) + " for " +
                                       TimeOf(program, timer.due) + ": " + flaw);
  }
  std::uint32_t last = 0;
  for (const Run& run : contact.runs()) {
    std::string flaw = FlawOf(program, run);
    if (flaw.empty() && (run.id <= last || run.id > contact.progress().last_run)) flaw = "its number is not the next one";
    last = run.id;
    if (flaw.empty()) continue;
    report.Add(Invariant::kRuns,
               "contact `" + contact.id() + "` has run " + std::to_string(run.id) + " of rule " + NameOf(program, run.rule) + ": " + flaw);
  }
}

}  // namespace stagecraft::runtime
