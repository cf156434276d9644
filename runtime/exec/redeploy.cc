#include "runtime/exec/redeploy.h"

#include <algorithm>

namespace stagecraft::runtime {
namespace {

// What becomes of one run.
struct Fate {
  std::uint32_t rule = 0;  // whose code it goes on with, when it does
  std::optional<RunEnd> end;
  std::string why;
};

bool WaitsAt(const ir::Rule& rule, std::uint32_t action) {
  return action < rule.actions.size() && rule.actions[action].kind == ir::ActionKind::kWait;
}

std::uint32_t RevisionOf(const Redeployment& from, const ir::Rule& rule) {
  return rule.of_revision != 0 ? rule.of_revision : from.revision;
}

// Why the rule of before is not in the program; nullptr: it is, or nobody asked for it.
const ir::LostRule* FindLost(const Redeployment& from, const ir::Rule& rule) {
  const auto lost = std::find_if(from.lost.begin(), from.lost.end(), [&](const ir::LostRule& each) {
    return each.family == rule.family && each.revision == RevisionOf(from, rule);
  });
  return lost == from.lost.end() ? nullptr : &*lost;
}

// The same words may mean other options now; read among the scripts of now they are the rule of today.
bool DoesTheSame(const Redeployment& from, const ir::Rule& was, const ir::Rule& is) {
  if (!is.declared) return false;
  const ir::LostRule* settled = FindLost(from, was);
  return is.code_hash == was.code_hash || (settled != nullptr && settled->why.empty());
}

// Of a run that goes on with the code of before: nothing when `after` was compiled without it.
std::optional<Fate> Keep(const Redeployment& from, std::uint32_t number) {
  const ir::Rule& rule = from.before.rules[number];
  const std::uint32_t revision = RevisionOf(from, rule);
  const std::string key = ir::RetiredKey(from.before.layout.rules.Name(rule.family), revision);
  const std::optional<std::uint32_t> kept = from.after.layout.rules.Find(key);
  if (kept && from.after.rules[*kept].of_revision != 0) return Fate{*kept, {}, {}};
  const ir::LostRule* lost = FindLost(from, rule);
  if (lost == nullptr) return std::nullopt;
  return Fate{number, RunEnd::kNotFitting, lost->why};
}

std::optional<Fate> FateOf(const Redeployment& from, const Run& run) {
  const ir::Rule& was = from.before.rules[run.rule];
  const ir::Rule& is = from.after.rules[was.family];
  if (DoesTheSame(from, was, is)) return Fate{was.family, {}, {}};
  if (!run.HasBegun()) {
    if (is.declared && is.trigger == ir::TriggerKind::kEventTimed) return Fate{was.family, {}, {}};
    return Fate{run.rule, is.declared ? RunEnd::kRuleChanged : RunEnd::kRuleGone, {}};
  }
  if (!is.declared || !is.migrate) return Keep(from, run.rule);
  // What an SLA expects is no wait that another rule could go on with.
  const bool same_kind = (was.kind == ir::RuleKind::kSla) == (is.kind == ir::RuleKind::kSla);
  if (same_kind && WaitsAt(is, run.at)) return Fate{was.family, {}, {}};
  return Fate{run.rule, RunEnd::kRuleChanged, {}};
}

}  // namespace

ir::RetiredRule RetiredAs(const ir::Program& program, std::uint32_t revision, std::uint32_t number) {
  const ir::Rule& rule = program.rules[number];
  if (rule.of_revision != 0) {
    const auto& retired = program.layout.retired;
    return *std::find_if(retired.begin(), retired.end(), [&](const ir::RetiredRule& each) { return each.rule == number; });
  }
  const auto before_it = [&](const ir::Rule& other) {
    return other.declared && other.place.file == rule.place.file && other.order < rule.order;
  };
  const auto place = static_cast<std::uint32_t>(std::count_if(program.rules.begin(), program.rules.end(), before_it));
  return {0, number, revision, program.files[rule.place.file], place};
}

std::optional<std::vector<Effect>> MoveRuns(const Redeployment& redeployment, const Contact& contact) {
  std::vector<Effect> effects;
  for (const Run& run : contact.runs()) {
    const std::optional<Fate> fate = FateOf(redeployment, run);
    if (!fate) return std::nullopt;
    if (!fate->end && fate->rule == run.rule) continue;
    const ir::Rule& was = redeployment.before.rules[run.rule];
    Effect& effect = effects.emplace_back();
    effect.kind = fate->end ? EffectKind::kRunEnded : EffectKind::kRunMoved;
    effect.target = fate->rule;
    effect.number = run.id;
    if (fate->end) {
      effect.detail = static_cast<std::uint8_t>(*fate->end);
      effect.text = fate->why;
      if (run.HasBegun()) effect.action = static_cast<std::uint16_t>(run.at);
      // It can be begun again when its rule is mended.
      if (fate->end == RunEnd::kNotFitting) {
        effect.target = was.family;
        effect.number_before = RevisionOf(redeployment, was);
        effect.before = Value{true, run.cause, {}};
      }
    } else {
      effect.number_before = run.rule;
      effect.action = static_cast<std::uint16_t>(run.HasBegun() ? run.at : 0);
    }
  }
  return effects;
}

}  // namespace stagecraft::runtime
