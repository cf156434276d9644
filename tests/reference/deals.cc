// Deals: made and moved by rules, and the properties that follow them.
#include "tests/reference/deals.h"

#include <utility>

#include "tests/reference/compute.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {
namespace {

// Nobody overrules it, and it is never late: it is so.
void SetOfDeals(const Script& script, std::string_view property, const Value& value, Micros at, Contact& contact,
                std::vector<std::string>& lines) {
  const std::optional<Symbol> symbol = script.vocabulary().FindProperty(property);
  if (!symbol.has_value() || !script.vocabulary().property(*symbol).IsKept()) return;
  Slot& slot = contact.slots[*symbol];
  if (slot.value == value) return;
  const sema::PropertySymbol& declared = script.vocabulary().property(*symbol);
  const auto show = [&](const Value& each) { return each.set ? script.Show(declared.type, &declared.options, each) : "unset"; };
  lines.push_back(declared.name + ": " + show(slot.value) + " → " + show(value));
  slot = {value, at};
}

}  // namespace

std::vector<std::string> FollowDeals(const Script& script, Micros at, Contact& contact) {
  std::vector<std::string> lines;
  if (contact.deals.empty()) return lines;
  const Deal* present = nullptr;
  std::int64_t open = 0;
  const auto rank = [](const Deal& deal) { return std::pair(deal.open, deal.open ? deal.made_at : deal.moved_at); };
  for (const Deal& deal : contact.deals) {
    open += deal.open ? 1 : 0;
    if (present == nullptr || rank(deal) >= rank(*present)) present = &deal;
  }
  SetOfDeals(script, "deal stage", present->stage.empty() ? Value() : Value{true, 0, present->stage}, at, contact, lines);
  SetOfDeals(script, "deal amount", present->amount, at, contact, lines);
  SetOfDeals(script, "open deals", Value{true, open * kScale, {}}, at, contact, lines);
  return lines;
}

void Decision::Do(const sema::CreateDeal& create, const Firing& firing) {
  const Scene scene = SceneOf(contact_, firing);
  const sema::Pipeline& pipeline = script_.checked().pipelines[create.pipeline];
  std::string line = "deal \"" + Fill(scene, create.title) + "\" in " + pipeline.name + " at " + pipeline.stages[create.stage].name;
  const Computed amount = create.amount.has_value() ? Compute(scene, *create.amount, sema::Type::kMoney) : Computed();
  if (!amount.refused.empty()) {
    SayRefused(amount.refused, std::nullopt, {}, amount.missing.empty() ? "" : ": " + amount.missing);
    return;
  }
  if (amount.value.set) line += " amount " + script_.Show(sema::Type::kMoney, nullptr, amount.value);
  Say(line);
  const std::optional<std::int64_t> chance = pipeline.stages[create.stage].probability;
  contact_.deals.push_back(
      {record_, create.pipeline, pipeline.stages[create.stage].name, amount.value, chance != 0 && chance != 1'000'000, at_, at_});
  for (const std::string& follows : FollowDeals(script_, at_, contact_)) Say(follows);
}

void Decision::Do(const sema::MoveDeal& move, const Firing&) {
  const sema::Pipeline& pipeline = script_.checked().pipelines[move.pipeline];
  Deal* meant = nullptr;
  for (Deal& deal : contact_.deals) {
    if (deal.open && deal.pipeline == move.pipeline && (meant == nullptr || deal.made_at >= meant->made_at)) meant = &deal;
  }
  const std::string& stage = pipeline.stages[move.stage].name;
  if (meant == nullptr) {
    SayRefused("no open deal", std::nullopt, {}, ": \"" + pipeline.name + "\"");
    return;
  }
  if (meant->stage != stage && at_ < meant->moved_at) {
    SayRefused("late", script_.vocabulary().FindProperty("deal stage"), Value{true, 0, stage});
    return;
  }
  if (meant->stage != stage) {
    const std::optional<std::int64_t> chance = pipeline.stages[move.stage].probability;
    Say("deal \"" + meant->stage + "\" → \"" + stage + "\"" + (chance == 1'000'000 ? ", won" : chance == 0 ? ", lost" : ""));
    meant->stage = stage;
    meant->open = chance != 0 && chance != 1'000'000;
    meant->moved_at = at_;
  }
  for (const std::string& follows : FollowDeals(script_, at_, contact_)) Say(follows);
}

}  // namespace stagecraft::reference
