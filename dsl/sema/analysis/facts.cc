#include "dsl/sema/analysis/facts.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace stagecraft::sema {

namespace {

void Sort(std::vector<Symbol>& symbols) {
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
}

std::optional<std::string> LiteralOf(const Text& text) {
  std::string result;
  for (const TextPart& part : text) {
    if (part.reference.has_value()) return std::nullopt;
    result += part.literal;
  }
  return result;
}

Write WriteOf(const SetValue& set) {
  Write write;
  write.property = set.property;
  write.set = &set;
  write.span = set.value_span;
  if (const auto* constant = std::get_if<std::int64_t>(&set.value)) {
    write.kind = Write::Kind::kConstant;
    write.constant = *constant;
  } else if (const auto* text = std::get_if<Text>(&set.value); text != nullptr && !set.append) {
    if (std::optional<std::string> literal = LiteralOf(*text); literal.has_value()) {
      // A text property that is set to empty text is cleared (semantics.md E2).
      write.kind = literal->empty() ? Write::Kind::kClear : Write::Kind::kText;
      write.text = std::move(*literal);
    }
  }
  return write;
}

}  // namespace

bool IsAmong(const std::vector<Symbol>& ascending, Symbol symbol) { return std::binary_search(ascending.begin(), ascending.end(), symbol); }

bool Meet(const std::vector<Symbol>& left, const std::vector<Symbol>& right) {
  return std::any_of(left.begin(), left.end(), [&](Symbol symbol) { return IsAmong(right, symbol); });
}

bool IsPrefix(const std::vector<Goal>& front, const std::vector<Goal>& whole) {
  const auto same = [](const Goal& a, const Goal& b) { return a.condition == b.condition && a.holds == b.holds; };
  return front.size() <= whole.size() && std::equal(front.begin(), front.end(), whole.begin(), same);
}

bool SetsNothing(const Facts& facts, const Write& write) {
  return write.kind == Write::Kind::kRotation && facts.vocabulary().teams()[write.team].members.empty();
}

void Reads::Add(const Reads& other) {
  properties.insert(properties.end(), other.properties.begin(), other.properties.end());
  since.insert(since.end(), other.since.begin(), other.since.end());
  events.insert(events.end(), other.events.begin(), other.events.end());
  derived.insert(derived.end(), other.derived.begin(), other.derived.end());
}

void Reads::Finish() {
  Sort(properties);
  Sort(since);
  Sort(events);
  Sort(derived);
}

// Branches that lead to an action; more are not kept apart.
constexpr std::size_t kPathMax = 64;

// How far a walk through a rule's actions has come, and what is known there.
struct Facts::Walk {
  std::uint32_t rule = 0;
  bool first = true;
  bool same_record = true;
  bool in_split = false;
  std::uint32_t part = 0;
  bool beyond = false;  // in more branches than are kept apart: nobody knows when this is applied
  int waits = 0;
  std::vector<Goal> path;
  std::unordered_map<Symbol, std::size_t>* last = nullptr;  // by property: its last write so far

  void Pause(bool over_at_once) {
    ++waits;
    first = false;
    same_record = same_record && over_at_once;
    path.clear();
  }
};

namespace {

// True where the wait may be over in the record in which it begins: a condition may hold, a date may have passed. An event that is waited
// for is another one than that which began the run.
bool MayBeOverAtOnce(const Wait& wait) {
  if (wait.kind == Wait::Kind::kMoment) return true;
  return wait.kind == Wait::Kind::kCondition && wait.condition.kind != Condition::Kind::kSeenSinceRun;
}

}  // namespace

Facts::Facts(const CheckedScript& script) : script_(script), guards_(script), derived_reads_(script.derived.size()) {
  for (const std::string_view part : {"first name", "last name", "email"}) {
    const std::optional<Symbol> property = vocabulary().FindProperty(part);
    if (property.has_value() && IsText(vocabulary().property(*property).type)) name_.push_back(*property);
  }
  Sort(name_);
  for (const std::string_view name : kKeptProperties) {
    const std::optional<Symbol> property = vocabulary().FindProperty(name);
    if (property.has_value() && vocabulary().property(*property).IsKept()) kept_properties_.push_back(*property);
  }
  CollectDerived();
  if (too_large_) return;
  rules_.resize(script.rules.size());
  for (std::uint32_t i = 0; i < script.rules.size(); ++i) WalkRule(i);
}

void Facts::CollectDerived() {
  constexpr std::size_t kReadsMax = 2'000'000;
  std::size_t count = 0;
  for (const Symbol symbol : script_.derived_order) {
    const Derived& derived = script_.derived[symbol];
    Reads& reads = derived_reads_[symbol];
    const auto since = [&](const std::optional<Reference>& moment) {
      if (moment.has_value() && moment->space != Reference::Space::kFact) reads.since.push_back(moment->symbol);
    };
    Collect(derived.condition, reads);
    Collect(derived.events, reads);
    since(derived.since);
    for (const Criterion& line : derived.criteria) {
      Collect(line.condition, reads);
      Collect(line.events, reads);
      since(line.since);
    }
    reads.Finish();
    count += reads.properties.size() + reads.since.size() + reads.events.size() + reads.derived.size();
    too_large_ = count > kReadsMax;
    if (too_large_) return;
  }
  readers_.resize(vocabulary().properties().size());
  since_readers_.resize(readers_.size());
  for (Symbol symbol = 0; symbol < derived_reads_.size(); ++symbol) {
    for (const Symbol property : derived_reads_[symbol].properties) readers_[property].push_back(symbol);
    for (const Symbol property : derived_reads_[symbol].since) since_readers_[property].push_back(symbol);
  }
}

void Facts::Collect(const EventMatches& events, Reads& reads) const {
  for (const EventMatch& match : events) reads.events.push_back(match.event);
}

void Facts::Collect(const Condition& condition, Reads& reads) const {
  for (const Condition& operand : condition.operands) Collect(operand, reads);
  Collect(condition.events, reads);
  if (condition.kind == Condition::Kind::kSeenSince && condition.since.space != Reference::Space::kFact) {
    reads.since.push_back(condition.since.symbol);
  }
  switch (condition.kind) {
    case Condition::Kind::kAlways:
    case Condition::Kind::kNever:
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
    case Condition::Kind::kNot:
    case Condition::Kind::kSeen:
    case Condition::Kind::kSeenSince:
    case Condition::Kind::kSeenSinceRun:
      return;
    default:
      break;
  }
  const Reference& reference = condition.reference;
  if (reference.space == Reference::Space::kProperty) reads.properties.push_back(reference.symbol);
  if (reference.space == Reference::Space::kFact && reference.symbol == static_cast<Symbol>(Fact::kName)) {
    reads.properties.insert(reads.properties.end(), name_.begin(), name_.end());
  }
  if (reference.space == Reference::Space::kEntered) reads.since.push_back(reference.symbol);
  if (reference.space == Reference::Space::kDerived) {
    reads.derived.push_back(reference.symbol);
    if (reference.symbol < derived_reads_.size()) reads.Add(derived_reads_[reference.symbol]);
  }
}

bool Facts::Mentions(const Condition& condition, Symbol property) const {
  const Reference& reference = condition.reference;
  if (condition.kind == Condition::Kind::kAlways) return false;
  if (reference.space == Reference::Space::kProperty && reference.symbol == property && condition.operands.empty()) return true;
  if (reference.space == Reference::Space::kDerived && IsAmong(derived_reads_[reference.symbol].properties, property)) return true;
  return std::any_of(condition.operands.begin(), condition.operands.end(),
                     [&](const Condition& operand) { return Mentions(operand, property); });
}

bool Facts::SaysSomething(const Write& write) const {
  const RuleFacts& rule = rules_[write.rule];
  if (std::any_of(write.path.begin(), write.path.end(), [&](const Goal& goal) { return Mentions(*goal.condition, write.property); }))
    return true;
  if (!write.first) return rule.rule->until.has_value() && Mentions(*rule.rule->until, write.property);
  return IsAmong(rule.trigger.properties, write.property) || Mentions(rule.rule->guard, write.property);
}

void Facts::CollectTrigger(const Trigger& trigger, Reads& reads) const {
  Collect(trigger.events, reads);
  Collect(trigger.condition, reads);
  switch (trigger.kind) {
    case Trigger::Kind::kBecomes:
    case Trigger::Kind::kChanges:
    case Trigger::Kind::kStays:
      reads.properties.push_back(trigger.symbol);
      break;
    case Trigger::Kind::kRises:
    case Trigger::Kind::kFalls:
      reads.derived.push_back(trigger.symbol);
      if (trigger.symbol < derived_reads_.size()) reads.Add(derived_reads_[trigger.symbol]);
      break;
    case Trigger::Kind::kDate:
      if (trigger.reference.space == Reference::Space::kProperty) reads.properties.push_back(trigger.reference.symbol);
      break;
    case Trigger::Kind::kSchedule:
      if (!trigger.on_everybody) Collect(InList(trigger.symbol), reads);
      break;
    default:
      break;
  }
  reads.Finish();
}

Condition Facts::InList(std::uint32_t list) const {
  const ListSymbol& symbol = vocabulary().lists()[list];
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.reference.symbol = symbol.member;
  condition.reference.type = Type::kTruth;
  if (!symbol.by_hand) condition.reference.space = Reference::Space::kDerived;
  condition.number = 1;
  return condition;
}

const Condition& Facts::Keep(Condition condition) const {
  kept_.push_back(std::move(condition));
  return kept_.back();
}

// ---- what a rule writes -------------------------------------------------------------------------------------------

void Facts::WalkRule(std::uint32_t index) {
  RuleFacts& facts = rules_[index];
  facts.rule = &script_.rules[index];
  CollectTrigger(facts.rule->trigger, facts.trigger);
  std::unordered_map<Symbol, std::size_t> last;
  Walk walk;
  walk.rule = index;
  walk.last = &last;
  // What an SLA does, it does when the time has passed; the end of a sequence comes whenever it comes.
  walk.first = facts.rule->kind != Rule::Kind::kSla;
  walk.same_record = walk.first;
  WalkBlock(facts.rule->actions, walk);
  facts.waits = walk.waits > 0;
  const bool stays = std::any_of(facts.rule->actions.begin(), facts.rule->actions.end(), [](const Action& action) {
    const auto* wait = std::get_if<Wait>(&action.node);
    return wait != nullptr && !MayBeOverAtOnce(*wait);
  });
  facts.once_in_record = facts.rule->once != Rule::Once::kAlways || (stays && !facts.rule->every_time);
  if (facts.rule->finally.empty()) return;
  walk.Pause(true);
  WalkBlock(facts.rule->finally, walk);
}

void Facts::AddWrite(Write write, const Walk& walk) {
  std::vector<Write>& writes = rules_[walk.rule].writes;
  write.rule = walk.rule;
  write.first = walk.first;
  write.same_record = walk.same_record;
  write.in_split = walk.in_split;
  write.part = walk.part;
  if (walk.beyond) {
    write.kind = Write::Kind::kComputed;
  } else {
    write.path = walk.path;
  }
  const auto [last, added] = walk.last->emplace(write.property, writes.size());
  if (!added) {
    const Write& earlier = writes[last->second];
    write.earlier = last->second;
    write.earlier_sure = earlier.first == write.first && !earlier.in_split && IsPrefix(earlier.path, write.path);
    last->second = writes.size();
  }
  writes.push_back(std::move(write));
}

void Facts::AddDeal(Span span, const Walk& walk) {
  for (const Symbol property : kept_properties_) {
    Write write;
    write.rule = walk.rule;
    write.property = property;
    write.first = walk.first;
    write.same_record = walk.same_record;
    write.in_split = walk.in_split;
    write.part = walk.part;
    if (!walk.beyond) write.path = walk.path;
    write.span = span;
    rules_[walk.rule].deals.push_back(std::move(write));
  }
}

void Facts::WalkIf(const If& node, Walk& walk) {
  const Walk before = walk;
  bool waited = false;
  bool over_at_once = false;
  std::vector<Goal> others = before.path;
  const auto walk_branch = [&](const Block& actions, std::vector<Goal> path) {
    Walk branch = before;
    branch.beyond = branch.beyond || path.size() > kPathMax;
    if (!branch.beyond) branch.path = std::move(path);
    WalkBlock(actions, branch);
    waited = waited || branch.waits != before.waits;
    over_at_once = over_at_once || branch.same_record;
  };
  for (const If::Branch& branch : node.branches) {
    std::vector<Goal> path = others;
    path.push_back({&branch.condition, true, nullptr});
    walk_branch(branch.actions, std::move(path));
    if (others.size() <= kPathMax) others.push_back({&branch.condition, false, nullptr});
  }
  walk_branch(node.otherwise, others);
  if (waited) walk.Pause(over_at_once);
}

void Facts::WalkSplit(const Split& node, Walk& walk) {
  const Walk before = walk;
  bool waited = false;
  bool over_at_once = false;
  for (const Split::Part& part : node.parts) {
    Walk inner = before;
    inner.in_split = true;
    inner.part = ++parts_;
    WalkBlock(part.actions, inner);
    waited = waited || inner.waits != before.waits;
    over_at_once = over_at_once || inner.same_record;
  }
  if (waited) walk.Pause(over_at_once);
}

void Facts::WalkBlock(const Block& block, Walk& walk) {
  for (const Action& action : block) {
    if (const auto* set = std::get_if<SetValue>(&action.node)) {
      AddWrite(WriteOf(*set), walk);
    } else if (const auto* clear = std::get_if<ClearValue>(&action.node)) {
      Write write;
      write.kind = Write::Kind::kClear;
      write.property = clear->property;
      write.span = action.span;
      AddWrite(std::move(write), walk);
    } else if (const auto* rotation = std::get_if<AssignRotation>(&action.node)) {
      Write write;
      write.kind = Write::Kind::kRotation;
      write.property = rotation->property;
      write.team = rotation->team;
      write.span = action.span;
      AddWrite(std::move(write), walk);
    } else if (std::holds_alternative<CreateDeal>(action.node) || std::holds_alternative<MoveDeal>(action.node)) {
      AddDeal(action.span, walk);
    } else if (const auto* enrol = std::get_if<Enrol>(&action.node)) {
      if (walk.same_record) rules_[walk.rule].enrols.push_back(enrol->sequence);
    } else if (const auto* wait = std::get_if<Wait>(&action.node)) {
      Walk late = walk;
      walk.Pause(MayBeOverAtOnce(*wait));
      // What `otherwise` does, it does when the time is over.
      late.Pause(false);
      if (wait->otherwise.has_value()) WalkBlock(*wait->otherwise, late);
    } else if (const auto* branches = std::get_if<If>(&action.node)) {
      WalkIf(*branches, walk);
    } else if (const auto* split = std::get_if<Split>(&action.node)) {
      WalkSplit(*split, walk);
    }
  }
}

// ---- what changes with it -----------------------------------------------------------------------------------------

Changes Facts::Named(std::vector<Symbol> properties) const {
  Changes changes;
  changes.properties = std::move(properties);
  changes.name = Meet(changes.properties, name_);
  return changes;
}

Changes Facts::ChangesOf(std::vector<Symbol> properties) const {
  Changes changes = Named(std::move(properties));
  for (const Symbol property : changes.properties) {
    changes.derived.insert(changes.derived.end(), readers_[property].begin(), readers_[property].end());
    changes.derived.insert(changes.derived.end(), since_readers_[property].begin(), since_readers_[property].end());
  }
  Sort(changes.derived);
  return changes;
}

Changes Facts::CauseOf(std::vector<Symbol> properties) const {
  Changes changes = Named(std::move(properties));
  for (const Symbol property : changes.properties) {
    changes.derived.insert(changes.derived.end(), readers_[property].begin(), readers_[property].end());
  }
  Sort(changes.derived);
  for (const Symbol symbol : changes.derived) changes.deltas.push_back(DeltaOf(symbol, changes));
  return changes;
}

Changes Facts::CauseOfEvent(Symbol event) const {
  Changes changes;
  changes.event = event;
  for (Symbol symbol = 0; symbol < derived_reads_.size(); ++symbol) {
    if (!IsAmong(derived_reads_[symbol].events, event)) continue;
    changes.derived.push_back(symbol);
    changes.deltas.push_back(DeltaOf(symbol, changes));
  }
  return changes;
}

IntervalSet Facts::DeltaOf(Symbol derived, const Changes& changes) const {
  const auto touches = [&](const Reads& reads) {
    return Meet(reads.properties, changes.properties) || (changes.event.has_value() && IsAmong(reads.events, *changes.event));
  };
  if (vocabulary().derived()[derived].kind != DerivedKind::kScore) return IntervalSet::Between(0, 1);
  std::int64_t up = 0;
  std::int64_t down = 0;
  for (const Criterion& line : script_.derived[derived].criteria) {
    Reads reads;
    Collect(line.condition, reads);
    Collect(line.events, reads);
    reads.Finish();
    if (!touches(reads)) continue;
    const std::int64_t size = line.points < 0 ? -line.points : line.points;
    if (!line.each || line.points > 0) up += size;
    if (!line.each || line.points < 0) down += size;
  }
  return IntervalSet::Between(-down, up);
}

}  // namespace stagecraft::sema
