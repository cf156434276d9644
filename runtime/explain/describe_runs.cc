// Runs in people's words.
#include <string>

#include "runtime/explain/describe.h"
#include "runtime/explain/describe_parts.h"
#include "runtime/model/run.h"

namespace stagecraft::runtime {

std::string RunName(const ir::Program& program, std::uint32_t number) {
  const ir::Rule& rule = program.rules[number];
  const char* kind = rule.kind == ir::RuleKind::kSequence ? "sequence " : rule.kind == ir::RuleKind::kSla ? "SLA " : "rule ";
  return kind + Quoted(rule.name);
}

namespace {

std::string WaitingText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const bool has_due = effect.number_before != Run::kNever;
  if ((effect.detail & kRunPending) != 0) return name + " is to begin at " + TimeText(program, effect.number_before);
  const std::string until = effect.after.set ? ", until " + TimeText(program, effect.after.number) + " at most" : std::string();
  if (program.rules[effect.target].kind == ir::RuleKind::kSla && effect.action == 0) return name + " is running" + until;
  return name + " waits" + (has_due ? " until " + TimeText(program, effect.number_before) : std::string()) + until;
}

std::string ResumedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const bool is_sla = program.rules[effect.target].kind == ir::RuleKind::kSla && effect.action == 0;
  switch (static_cast<WaitEnd>(effect.detail)) {
    case WaitEnd::kTime:
      return name + " goes on: the wait is over";
    case WaitEnd::kCondition:
      return is_sla ? name + ": what was expected has happened" : name + " goes on: what it waited for is so";
    case WaitEnd::kTimeout:
      return is_sla ? name + ": what was expected has not happened in time" : name + " goes on: it has waited long enough";
    case WaitEnd::kLost:
      return name + " cannot go on";
  }
  return name + " goes on";
}

std::string EndedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  switch (static_cast<RunEnd>(effect.detail)) {
    case RunEnd::kDone:
      return name + " is done";
    case RunEnd::kStopped:
      return name + " stopped: its condition to end holds";
    case RunEnd::kLeft:
      return name + " was left";
    case RunEnd::kWithdrawn:
      return name + " is not to begin: what was announced is taken back";
    case RunEnd::kNotBegun:
      return name + " did not begin: its conditions keep it from it";
    case RunEnd::kMet:
      return name + " was met";
    case RunEnd::kMissed:
      return name + " was missed";
    case RunEnd::kRuleChanged:
      return name + " ended: the rule was changed, and does not wait at the same action";
    case RunEnd::kRuleGone:
      return name + " is not to begin: the rule is no longer there";
    case RunEnd::kFailed:
      return name + " ended: what it sets off does not come to an end";
    case RunEnd::kDeparted:
      return name + " ended with the contact";
    case RunEnd::kNotFitting:
      return name + " ended: the rule was changed, and as it was it no longer fits the scripts: " + effect.text;
    case RunEnd::kByHand:
      return name + " was ended by hand" + (effect.text.empty() ? std::string() : ": " + effect.text);
    case RunEnd::kLost:
      return name + " ended: what it waits for is not set";
  }
  return name + " ended";
}

std::string MovedText(const ir::Program& program, const Effect& effect) {
  const std::string name = RunName(program, effect.target);
  const std::uint32_t revision = program.rules[effect.target].of_revision;
  if (revision == 0) return name + " goes on as the rule is now";
  return name + " goes on as it began, with the rule of revision " + std::to_string(revision);
}

}  // namespace

bool IsSilentEnd(const ir::Program& program, const Effect& effect) {
  return effect.kind == EffectKind::kRunEnded && static_cast<RunEnd>(effect.detail) == RunEnd::kDone &&
         !program.rules[effect.target].has_waits;
}

std::string RunText(const ir::Program& program, const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::kRunWaiting:
      return WaitingText(program, effect);
    case EffectKind::kRunResumed:
      return ResumedText(program, effect);
    case EffectKind::kRunMoved:
      return MovedText(program, effect);
    case EffectKind::kRunEnded:
      return EndedText(program, effect);
    case EffectKind::kRetried:
      return "tried again: an action of " + RunName(program, effect.target);
    default:
      return RunName(program, effect.target) + " started";
  }
}

std::string DescribeRun(const ir::Program& program, const Run& run) {
  Effect effect;
  effect.target = run.rule;
  effect.number_before = run.due;
  effect.action = static_cast<std::uint16_t>(run.HasBegun() ? run.at : 0);
  effect.detail = run.HasBegun() ? 0 : kRunPending;
  if (run.limit != Run::kNever) effect.after = Value{true, run.limit, {}};
  return WaitingText(program, effect);
}

std::string DescribeEnd(const ir::Program& program, const Effect& effect) { return EndedText(program, effect); }

}  // namespace stagecraft::runtime
