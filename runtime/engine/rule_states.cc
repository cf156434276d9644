#include "runtime/engine/rule_states.h"

#include <algorithm>
#include <utility>

namespace stagecraft::runtime {
namespace {

bool IsSet(const std::vector<std::uint32_t>& ascending, std::uint32_t number) {
  return std::binary_search(ascending.begin(), ascending.end(), number);
}

bool SetsOffByState(const ir::Rule& rule) {
  return rule.trigger == ir::TriggerKind::kNodeRises || (rule.trigger == ir::TriggerKind::kBecomes && !rule.from_mask);
}

void PutNumbers(Writer& writer, const std::vector<std::uint32_t>& numbers) {
  writer.Unsigned(numbers.size());
  for (const std::uint32_t number : numbers) writer.Unsigned(number);
}

void GetNumbers(Reader& reader, std::vector<std::uint32_t>& numbers) {
  numbers.clear();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) numbers.push_back(reader.Bounded<std::uint32_t>());
}

}  // namespace

bool Enrolment::Has(std::uint32_t rule) const { return IsSet(rules, rule); }

void Enrolment::SetPlace(std::uint64_t place) {
  is_given_up = place > end;
  next = static_cast<std::uint32_t>(is_given_up ? place - end - 1 : place);
}

bool RuleStates::IsOff(std::uint32_t rule) const { return IsSet(switched_off, rule); }

bool RuleStates::IsEnrolling() const {
  return std::any_of(enrolments.begin(), enrolments.end(), [](const Enrolment& each) { return !each.IsDone(); });
}

Enrolment* RuleStates::FirstOpen() {
  const auto found = std::find_if(enrolments.begin(), enrolments.end(), [](const Enrolment& each) { return !each.IsDone(); });
  return found == enrolments.end() ? nullptr : &*found;
}

void RuleStates::Fold(const Record& record) {
  if (record.kind == RecordKind::kEnrolment) {
    for (Enrolment& each : enrolments) each.enrolled += each.Has(record.rule) ? 1 : 0;
  }
  Enrolment begun;
  for (const Effect& effect : record.effects) {
    if (effect.kind == EffectKind::kRuleSwitched) {
      const auto place = std::lower_bound(switched_off.begin(), switched_off.end(), effect.target);
      const bool is_off = place != switched_off.end() && *place == effect.target;
      if (effect.number == 0 && !is_off) switched_off.insert(place, effect.target);
      if (effect.number != 0 && is_off) switched_off.erase(place);
    } else if (effect.kind == EffectKind::kEnrolExisting) {
      begun.end = static_cast<std::uint32_t>(effect.number);
      begun.deployed_in = effect.number_before;
      begun.rules.push_back(effect.target);
    } else if (effect.kind == EffectKind::kEnrolProgress) {
      for (Enrolment& each : enrolments) {
        if (each.revision == effect.target) each.SetPlace(static_cast<std::uint64_t>(effect.number));
      }
    }
  }
  if (begun.rules.empty()) return;
  begun.revision = record.revision;
  begun.at = record.occurred_at;
  enrolments.push_back(std::move(begun));
}

void RuleStates::Follow(const ir::Program& before, const ir::Program& after) {
  std::erase_if(enrolments, [](const Enrolment& each) { return each.IsDone(); });
  for (Enrolment& each : enrolments) {
    std::erase_if(each.rules, [&](std::uint32_t rule) {
      return !after.rules[rule].declared || after.rules[rule].code_hash != before.rules[rule].code_hash;
    });
  }
  std::erase_if(enrolments, [](const Enrolment& each) { return each.rules.empty(); });
}

void PutRuleStates(Writer& writer, const RuleStates& states) {
  PutNumbers(writer, states.switched_off);
  writer.Unsigned(states.enrolments.size());
  for (const Enrolment& each : states.enrolments) {
    writer.Unsigned(each.revision);
    writer.Signed(each.deployed_in);
    writer.Signed(each.at);
    writer.Unsigned(each.Place());
    writer.Unsigned(each.end);
    writer.Unsigned(each.enrolled);
    PutNumbers(writer, each.rules);
  }
}

void GetRuleStates(Reader& reader, RuleStates& states) {
  GetNumbers(reader, states.switched_off);
  states.enrolments.clear();
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    Enrolment& each = states.enrolments.emplace_back();
    each.revision = reader.Bounded<std::uint32_t>();
    each.deployed_in = reader.Signed();
    each.at = reader.Signed();
    const std::uint64_t place = reader.Unsigned();
    each.end = reader.Bounded<std::uint32_t>();
    if (place > std::uint64_t{each.end} * 2 + 1) reader.Fail();
    each.SetPlace(place);
    each.enrolled = reader.Unsigned();
    GetNumbers(reader, each.rules);
  }
}

std::shared_ptr<const ir::Program> WithSwitches(std::shared_ptr<const ir::Program> program, const RuleStates& states) {
  if (states.switched_off.empty()) return program;
  auto changed = std::make_shared<ir::Program>(*program);
  for (ir::Rule& rule : changed->rules) rule.switched_off = states.IsOff(rule.family);
  return changed;
}

std::vector<std::uint32_t> RulesToEnrol(const ir::Program& before, const ir::Program& after) {
  std::vector<std::uint32_t> rules;
  for (std::uint32_t number = 0; number < after.rules.size(); ++number) {
    const ir::Rule& rule = after.rules[number];
    if (!rule.MayFire() || !SetsOffByState(rule)) continue;
    const bool is_known =
        number < before.rules.size() && before.rules[number].MayFire() && before.rules[number].code_hash == rule.code_hash;
    if (!is_known) rules.push_back(number);
  }
  return rules;
}

}  // namespace stagecraft::runtime
