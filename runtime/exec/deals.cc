// Deals: made and moved by rules and by the events of people and services (docs/semantics.md, "Deals").
#include <algorithm>
#include <charconv>
#include <tuple>

#include "runtime/exec/decision.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {
namespace {

constexpr std::int32_t kWonProbability = 1'000'000;
constexpr std::string_view kIdPrefix = "deals/";

DealState StateAt(const ir::Pipeline::Stage& stage) {
  if (stage.probability == kWonProbability) return DealState::kWon;
  return stage.probability == 0 ? DealState::kLost : DealState::kOpen;
}

const ir::Pipeline* FindPipeline(const ir::Program& program, std::string_view name) {
  for (const ir::Pipeline& pipeline : program.pipelines) {
    if (SameName(pipeline.name, name)) return &pipeline;
  }
  return nullptr;
}

const ir::Pipeline::Stage* FindStage(const ir::Pipeline& pipeline, std::string_view name) {
  for (const ir::Pipeline::Stage& stage : pipeline.stages) {
    if (SameName(stage.name, name)) return &stage;
  }
  return nullptr;
}

// Open ones before closed ones, then the newest: of two deals the one that people mean by "the deal".
bool IsMeantBefore(const Deal& a, const Deal& b) {
  const auto rank = [](const Deal& deal) {
    const bool is_open = deal.state == DealState::kOpen;
    return std::tuple(is_open, is_open ? deal.created_at : deal.MovedAt(), deal.id);
  };
  return rank(a) > rank(b);
}

// What the properties that follow the deals are.
std::vector<ResolvedChange> PropertiesOf(const ir::Program& program, const std::vector<Deal>& deals) {
  const Deal* present = nullptr;
  std::int64_t open = 0;
  for (const Deal& deal : deals) {
    open += deal.state == DealState::kOpen ? 1 : 0;
    if (present == nullptr || IsMeantBefore(deal, *present)) present = &deal;
  }
  const ir::WellKnown& known = program.well_known;
  std::vector<ResolvedChange> properties;
  if (known.deal_stage) {
    const bool is_set = present != nullptr && !present->stage.empty();
    properties.push_back({*known.deal_stage, is_set ? Value{true, 0, present->stage} : Value{}});
  }
  if (known.deal_amount) {
    const bool is_set = present != nullptr && present->amount.has_value();
    properties.push_back({*known.deal_amount, is_set ? Value{true, *present->amount, {}} : Value{}});
  }
  if (known.open_deals) properties.push_back({*known.open_deals, Value{true, open * ir::kNumberScale, {}}});
  return properties;
}

// `17`, `deals/17`.
std::optional<std::int64_t> ReadDealId(std::string_view text) {
  if (text.starts_with(kIdPrefix)) text.remove_prefix(kIdPrefix.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

void Decision::LoadDeals() {
  if (deals_loaded_) return;
  deals_loaded_ = true;
  deals_.clear();
  if (shared_->deals != nullptr) shared_->deals->DealsOf(contact_->number(), deals_);
}

bool Decision::AddDeal(Deal deal, DealState state) {
  const std::optional<std::int64_t> id = NextDeliveryId();
  if (!id) return false;
  LoadDeals();
  deal.id = *id;
  deal.contact = contact_->number();
  deal.created_at = record_->occurred_at;
  deal.cause = record_->sequence;
  Effect& effect = Emit(EffectKind::kDealCreated, 0);
  effect.number = static_cast<std::int64_t>(record_->deals.size());
  effect.detail = static_cast<std::uint8_t>(state);
  record_->deals.push_back(deal);
  deal.state = state;
  deal.stages = {{deal.stage, deal.created_at, deal.cause}};
  deals_.push_back(std::move(deal));
  return true;
}

void Decision::MoveDeal(std::int64_t id, std::string_view stage, DealState state) {
  const auto deal = std::find_if(deals_.begin(), deals_.end(), [&](const Deal& each) { return each.id == id; });
  if (deal->stage == stage && deal->state == state) return;
  if (deal->MovedAt() > record_->occurred_at) {
    Refuse(program_.well_known.deal_stage.value_or(kNoSlot), RefusalReason::kLate, Value{true, 0, std::string(stage)});
    return;
  }
  Effect& effect = Emit(EffectKind::kDealMoved, 0);
  effect.number = id;
  effect.detail = static_cast<std::uint8_t>(state);
  effect.before = Value{true, 0, deal->stage};
  effect.after = Value{true, 0, std::string(stage)};
  deal->stage = stage;
  deal->state = state;
  deal->stages.push_back({deal->stage, record_->occurred_at, record_->sequence});
}

void Decision::SetDeal(std::int64_t id, DealMember member, const Value& value) {
  const auto deal = std::find_if(deals_.begin(), deals_.end(), [&](const Deal& each) { return each.id == id; });
  const Value there = MemberOf(*deal, member);
  if (there == value) return;
  if (deal->said_at[static_cast<std::size_t>(member)] > record_->occurred_at) {
    Refuse(kNoSlot, RefusalReason::kLate, value);
    return;
  }
  Effect& effect = Emit(EffectKind::kDealSet, 0);
  effect.number = id;
  effect.detail = static_cast<std::uint8_t>(member);
  effect.before = there;
  effect.after = value;
  SetMember(*deal, member, value, record_->occurred_at);
  if (deal->deleted) deals_.erase(deal);
}

void Decision::FollowDeals() {
  for (const ResolvedChange& change : PropertiesOf(program_, deals_)) Write(change.slot, change.value, {});
}

void AddDealEffects(const ir::Program& program, const std::vector<Deal>& deals, Micros at, std::vector<Effect>& effects) {
  if (deals.empty()) return;
  for (const ResolvedChange& change : PropertiesOf(program, deals)) {
    Effect& effect = effects.emplace_back();
    effect.kind = EffectKind::kPropertySet;
    effect.target = change.slot;
    effect.number = at;
    effect.after = change.value;
  }
}

// ---- by rules ---------------------------------------------------------------------------------------------------------------

void Decision::RunCreateDeal(const ir::Action& action) {
  Value amount;
  if (action.has_value) {
    if (const auto refusal = Evaluate(action.value, amount)) {
      RefuseValue(kNoSlot, *refusal);
      return;
    }
  }
  const ir::Pipeline& pipeline = program_.pipelines[action.pipeline];
  Deal deal;
  if (action.text) Render(program_.templates[*action.text], deal.name);
  deal.pipeline = pipeline.name;
  deal.stage = pipeline.stages[action.stage].name;
  if (amount.set) deal.amount = amount.number;
  if (AddDeal(std::move(deal), StateAt(pipeline.stages[action.stage]))) FollowDeals();
}

void Decision::RunMoveDeal(const ir::Action& action) {
  LoadDeals();
  const ir::Pipeline& pipeline = program_.pipelines[action.pipeline];
  const ir::Pipeline::Stage& stage = pipeline.stages[action.stage];
  const Deal* meant = nullptr;
  for (const Deal& deal : deals_) {
    if (deal.state != DealState::kOpen || deal.pipeline != pipeline.name) continue;
    if (meant == nullptr || IsMeantBefore(deal, *meant)) meant = &deal;
  }
  if (meant == nullptr) {
    Refuse(kNoSlot, RefusalReason::kNoDeal, Value{true, 0, stage.name}).text = pipeline.name;
    return;
  }
  MoveDeal(meant->id, stage.name, StateAt(stage));
  FollowDeals();
}

// ---- by events --------------------------------------------------------------------------------------------------------------

const Value* Decision::FieldOf(const std::optional<std::uint32_t>& field) const {
  if (!field) return nullptr;
  for (const RecordedField& each : record_->fields) {
    if (each.field == *field) return &each.value;
  }
  return nullptr;
}

std::string_view Decision::TextOf(const std::optional<std::uint32_t>& field) const {
  const Value* value = FieldOf(field);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

const Deal* Decision::FindDeal(const DealEvent& event) const {
  const std::string_view said = TextOf(event.deal);
  const std::string_view pipeline = TextOf(event.pipeline);
  if (const std::optional<std::int64_t> id = ReadDealId(said)) {
    for (const Deal& deal : deals_) {
      if (deal.id == *id) return &deal;
    }
  }
  const Deal* meant = nullptr;
  for (const Deal& deal : deals_) {
    if (!SameName(deal.name, said) || (!pipeline.empty() && !SameName(deal.pipeline, pipeline))) continue;
    if (meant == nullptr || IsMeantBefore(deal, *meant)) meant = &deal;
  }
  return meant;
}

Decision::DealPlace Decision::PlaceOfDeal(const DealEvent& event, const Deal* deal) const {
  const std::string_view said = TextOf(event.stage);
  DealPlace place;
  place.pipeline = deal != nullptr ? std::string_view(deal->pipeline) : TextOf(event.pipeline);
  const ir::Pipeline* pipeline = FindPipeline(program_, place.pipeline);
  if (pipeline == nullptr && place.pipeline.empty()) {
    for (const ir::Pipeline& each : program_.pipelines) {
      if (pipeline == nullptr && (said.empty() || FindStage(each, said) != nullptr)) pipeline = &each;
    }
  }
  if (pipeline != nullptr) place.pipeline = pipeline->name;

  const bool is_won = event.kind == DealEvent::Kind::kWon;
  const bool is_lost = event.kind == DealEvent::Kind::kLost;
  place.stage = is_won ? "Won" : is_lost ? "Lost" : said;
  const ir::Pipeline::Stage* stage = nullptr;
  if (pipeline != nullptr && (is_won || is_lost)) {
    const DealState wanted = is_won ? DealState::kWon : DealState::kLost;
    for (const ir::Pipeline::Stage& each : pipeline->stages) {
      if (stage == nullptr && StateAt(each) == wanted) stage = &each;
    }
  } else if (pipeline != nullptr) {
    stage = said.empty() ? &pipeline->stages.front() : FindStage(*pipeline, said);
  }
  if (stage != nullptr) {
    place.stage = stage->name;
    place.state = StateAt(*stage);
  }
  if (is_won || is_lost) place.state = is_won ? DealState::kWon : DealState::kLost;
  return place;
}

void Decision::NoteDealMembers(const DealEvent& event, const Deal& deal, bool is_new) {
  const std::int64_t id = deal.id;
  const auto set = [&](DealMember member, const std::optional<std::uint32_t>& field) {
    if (const Value* value = FieldOf(field)) SetDeal(id, member, *value);
  };
  set(DealMember::kName, event.name);
  if (!is_new) set(DealMember::kAmount, event.amount);
  set(DealMember::kOwner, event.owner);
  set(DealMember::kCloseDate, event.close_date);
}

void Decision::NoteDealEvent(const DealEvent& event) {
  // Without a word on which deal it speaks of, it is an event like any other.
  if (TextOf(event.deal).empty()) return;
  LoadDeals();
  const bool makes_one = event.kind == DealEvent::Kind::kCreated;
  const Deal* deal = makes_one ? nullptr : FindDeal(event);
  const bool is_new = deal == nullptr;
  const bool changes_only = event.kind == DealEvent::Kind::kUpdated || event.kind == DealEvent::Kind::kDeleted;
  if (is_new && changes_only) {
    Refuse(kNoSlot, RefusalReason::kNoDeal, {}).text = TextOf(event.deal);
    return;
  }
  if (is_new) {
    DealPlace place = PlaceOfDeal(event, nullptr);
    Deal made;
    made.name = TextOf(event.deal);
    made.pipeline = std::move(place.pipeline);
    made.stage = std::move(place.stage);
    if (const Value* amount = FieldOf(event.amount)) made.amount = amount->number;
    if (!AddDeal(std::move(made), place.state)) return;
    NoteDealMembers(event, deals_.back(), true);
  } else if (event.kind == DealEvent::Kind::kDeleted) {
    SetDeal(deal->id, DealMember::kDeleted, Value{true, 1, {}});
  } else {
    const std::int64_t id = deal->id;
    const bool moves = !changes_only && (event.kind != DealEvent::Kind::kMoved || !TextOf(event.stage).empty());
    if (moves) {
      const DealPlace place = PlaceOfDeal(event, deal);
      MoveDeal(id, place.stage, place.state);
    }
    NoteDealMembers(event, *deal, false);
  }
  FollowDeals();
}

}  // namespace stagecraft::runtime
