// Rules are switched off and on, and runs are ended, by people.
#include <algorithm>

#include "runtime/engine/core.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {

Status Core::SwitchRule(std::uint32_t rule, bool on, std::string_view actor) {
  MoveClock();
  const std::shared_ptr<const ir::Program> scripts = programs_.Of(revision_);
  if (rule >= scripts->rules.size() || !scripts->rules[rule].declared)
    return {StatusCode::kNotFound, reasons::kRuleNotFound, "the running scripts have no such rule", {}};
  if (scripts->rules[rule].disabled) {
    return {StatusCode::kFailedPrecondition,
            reasons::kRuleDisabled,
            "`" + scripts->rules[rule].name + "` is `disabled` in its script; take that out and deploy",
            {}};
  }
  if (rules_.IsOff(rule) != on) return {};
  BeginShared(RecordKind::kSwitch, revision_, actor);
  Effect& effect = record_.effects.emplace_back();
  effect.kind = EffectKind::kRuleSwitched;
  effect.target = rule;
  effect.number = on ? 1 : 0;
  packer_.Add(record_);
  rules_.Fold(record_);
  Install(revision_, scripts);
  RebuildTimers();
  return {};
}

// Contacts looked at in one step: half a millisecond's work, whether or not they have runs of the rule.
constexpr std::uint32_t kLooksPerStep = 20'000;

std::uint32_t Core::StopRuns(const StopRunsRequest& request, std::uint32_t limit, std::optional<std::uint32_t>& next) {
  MoveClock();
  std::uint32_t stopped = 0;
  std::uint32_t contacts = 0;
  std::uint32_t number = request.contact ? *request.contact : next.value_or(0);
  const auto end = request.contact ? *request.contact + 1 : static_cast<std::uint32_t>(contacts_.size());
  const std::uint32_t stop = number + std::min(kLooksPerStep, end - number);
  for (; number < stop && contacts < limit; ++number) {
    ContactCell& cell = contacts_[number];
    const auto is_of_rule = [&](const Run& run) { return program_->rules[run.rule].family == request.rule; };
    const std::vector<Run>& runs = cell.contact.runs();
    if (std::none_of(runs.begin(), runs.end(), is_of_rule)) continue;
    EnrolFirst(cell);
    const std::size_t timers_before = TimersOf(cell.contact);
    Begin(RecordKind::kStop, cell.contact, now_);
    record_.actor = request.actor;
    for (const Run& run : runs) {
      if (!is_of_rule(run)) continue;
      Effect& effect = record_.effects.emplace_back();
      effect.kind = EffectKind::kRunEnded;
      effect.target = run.rule;
      effect.number = run.id;
      effect.detail = static_cast<std::uint8_t>(RunEnd::kByHand);
      effect.text = request.reason;
    }
    for (const Effect& effect : record_.effects) FoldEffect(*program_, record_, effect, cell.contact, shared_);
    stopped += static_cast<std::uint32_t>(record_.effects.size());
    ++contacts;
    FinishRecord(cell, timers_before);
  }
  next = number < end ? std::optional(number) : std::nullopt;
  return stopped;
}

}  // namespace stagecraft::runtime
