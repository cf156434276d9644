#include "dsl/sema/analysis/cascade_run.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "dsl/sema/analysis/cascade_depth.h"
#include "dsl/sema/analysis/moves.h"

namespace stagecraft::sema {

namespace {

constexpr int kRoundsMax = 200;
constexpr int kWithoutEnd = kRoundsMax + 1;
constexpr std::size_t kDynamicMax = 64;
constexpr Symbol kNoProperty = 0xFFFF'FFFF;

// One run. Everything is concrete; what cannot be played here exactly ends it without a result.
class CascadeRun {
 public:
  CascadeRun(const Facts& facts, const CascadeGraph& graph, const CircleStates& states) : facts_(facts), graph_(graph), states_(states) {
    CollectDynamic();
    before_ = facts.ChangesOf(dynamic_);
    after_ = before_;
    before_.version = 1;
    after_.version = 2;
  }

  bool possible() const { return dynamic_.size() <= kDynamicMax; }

  // The rounds in which rules change the contact that is brought from `before` to `now`; kWithoutEnd where it never comes to rest, 0 where
  // that cannot be played.
  int Rounds(const std::vector<Binding>& contact, const HeldState& before, const HeldState& now, Symbol by_person) {
    contact_ = &contact;
    first_ = before;
    failed_ = false;
    fired_.clear();
    std::map<Symbol, Held> last = Fill(before);
    std::map<Symbol, Held> present = Fill(now);
    Symbol kept = by_person;
    // Which rules have fired counts: some do so only once.
    std::set<std::tuple<std::map<Symbol, Held>, std::map<Symbol, Held>, std::set<std::uint32_t>>> seen;
    for (int round = 1; round <= kRoundsMax; ++round) {
      std::map<Symbol, Held> next = PlayRound(last, present, round, kept);
      if (failed_) return 0;
      if (next == present) return round - 1;
      last = std::move(present);
      present = std::move(next);
      if (!seen.emplace(last, present, fired_).second) return kWithoutEnd;
    }
    return kRoundsMax;
  }

 private:
  // What rules that follow from the circle may write.
  void CollectDynamic() {
    std::set<Symbol> dynamic(states_.properties.begin(), states_.properties.end());
    std::vector<bool> reached(facts_.rules().size(), false);
    for (bool grown = true; grown && dynamic.size() <= kDynamicMax;) {
      grown = false;
      for (std::uint32_t rule = 0; rule < reached.size(); ++rule) {
        if (reached[rule] || graph_.writes[rule].empty() || !CanFollow(*facts_.rules()[rule].rule)) continue;
        const Reads& reads = facts_.rules()[rule].trigger;
        const auto follows = [&](Symbol property) { return dynamic.count(property) != 0; };
        if (!std::any_of(reads.properties.begin(), reads.properties.end(), follows) &&
            !std::any_of(reads.since.begin(), reads.since.end(), follows)) {
          continue;
        }
        reached[rule] = true;
        grown = true;
        for (const Write* write : graph_.writes[rule]) dynamic.insert(write->property);
      }
    }
    dynamic_.assign(dynamic.begin(), dynamic.end());
  }

  std::map<Symbol, Held> Fill(const HeldState& state) const {
    std::map<Symbol, Held> full;
    for (const Symbol property : dynamic_) {
      const auto place = std::find(states_.properties.begin(), states_.properties.end(), property);
      if (place != states_.properties.end()) {
        full[property] = state[static_cast<std::size_t>(place - states_.properties.begin())];
        continue;
      }
      const auto known = std::find_if(contact_->begin(), contact_->end(), [&](const Binding& one) {
        return one.variable == Guards::Of(property) && !one.unset && !IsText(facts_.vocabulary().property(property).type);
      });
      full[property] = known != contact_->end() ? Held(known->number) : std::nullopt;
    }
    return full;
  }

  static Pin PinOf(Variable variable, const Held& held) {
    return {variable, held.has_value() ? IntervalSet::Between(*held, *held) : IntervalSet::All(), std::nullopt, !held.has_value(),
            held.has_value()};
  }

  bool IsDynamic(Symbol property) const { return std::binary_search(dynamic_.begin(), dynamic_.end(), property); }

  void AddContact(Query& query) const {
    for (const Binding& one : *contact_) {
      if (one.variable.version != 0) continue;
      const bool property = one.variable.kind == Variable::Kind::kValue && one.variable.space == Reference::Space::kProperty;
      if (property && IsDynamic(one.variable.symbol)) continue;
      Pin pin{one.variable, IntervalSet::All(), std::nullopt, one.unset, !one.unset};
      if (!one.unset && IsText(one.type)) {
        pin.text = one.text;
      } else if (!one.unset) {
        pin.values = IntervalSet::Between(one.number, one.number);
      }
      query.pins.push_back(std::move(pin));
    }
    for (std::size_t i = 0; i < states_.properties.size(); ++i) {
      Variable previous = Guards::Of(states_.properties[i]);
      previous.space = Reference::Space::kPrevious;
      query.pins.push_back(PinOf(previous, first_[i]));
    }
  }

  // What cannot be told here: scores and counters that follow the changes, and events since a moment that moves.
  bool IsBeyond(const Reads& reads) const {
    if (std::any_of(reads.since.begin(), reads.since.end(), [this](Symbol property) { return IsDynamic(property); })) return true;
    return std::any_of(reads.derived.begin(), reads.derived.end(), [this](Symbol symbol) {
      const DerivedKind kind = facts_.vocabulary().derived()[symbol].kind;
      return (kind == DerivedKind::kScore || kind == DerivedKind::kCounter) &&
             std::binary_search(after_.derived.begin(), after_.derived.end(), symbol);
    });
  }
  bool IsBeyond(const Condition& condition) const {
    Reads reads;
    facts_.Collect(condition, reads);
    return IsBeyond(reads);
  }

  bool Holds(Query query) {
    query.closed = true;
    AddContact(query);
    for (const auto& [property, held] : *last_) query.pins.push_back(PinOf(Guards::Of(property, before_.version), held));
    for (const auto& [property, held] : *present_) query.pins.push_back(PinOf(Guards::Of(property, after_.version), held));
    const Verdict verdict = facts_.guards().Solve(query).verdict;
    failed_ = failed_ || verdict == Verdict::kCannotTell;
    return verdict == Verdict::kYes;
  }

  bool Fires(std::uint32_t index) {
    const RuleFacts& rule = facts_.rules()[index];
    const auto moved = [&](Symbol property) { return IsDynamic(property) && last_->at(property) != present_->at(property); };
    const bool changed = std::any_of(rule.trigger.properties.begin(), rule.trigger.properties.end(), moved) ||
                         std::any_of(rule.trigger.since.begin(), rule.trigger.since.end(), moved);
    if (!changed) return false;
    if (rule.once_in_record && fired_.count(index) != 0) return false;
    if (IsBeyond(rule.rule->guard) || IsBeyond(rule.trigger) || (rule.rule->until.has_value() && IsBeyond(*rule.rule->until))) {
      failed_ = true;
      return false;
    }
    Query query;
    if (!facts_.AddFiring(*rule.rule, 0, {&before_, &after_}, query) || !Holds(std::move(query))) return false;
    // Whether its run has ended by then is not played here.
    const bool again = !fired_.insert(index).second;
    failed_ = failed_ || (again && rule.waits && !rule.rule->every_time);
    return true;
  }

  // E11: only a rule that this very value has set off may change what a person has just set.
  bool IsTriggeredBy(std::uint32_t rule, Symbol property) const {
    const Trigger& trigger = facts_.rules()[rule].rule->trigger;
    if (trigger.kind == Trigger::Kind::kBecomes || trigger.kind == Trigger::Kind::kChanges) return trigger.symbol == property;
    return trigger.kind == Trigger::Kind::kTurnsTrue &&
           std::binary_search(facts_.rules()[rule].trigger.properties.begin(), facts_.rules()[rule].trigger.properties.end(), property);
  }

  bool IsOutsideMoves(const Write& write, const Held& from) const {
    if (!from.has_value() || write.kind != Write::Kind::kConstant) return false;
    return std::any_of(facts_.script().moves.begin(), facts_.script().moves.end(), [&](const Moves& moves) {
      const std::vector<std::uint32_t>& allowed = moves.allowed[moves.property == write.property ? static_cast<std::size_t>(*from) : 0];
      return moves.property == write.property && *from != write.constant &&
             !std::binary_search(allowed.begin(), allowed.end(), static_cast<std::uint32_t>(write.constant));
    });
  }

  std::map<Symbol, Held> PlayRound(const std::map<Symbol, Held>& last, const std::map<Symbol, Held>& present, int round, Symbol& kept) {
    last_ = &last;
    present_ = &present;
    std::map<Symbol, Held> next = present;
    std::map<Symbol, std::uint32_t> owners;
    for (std::uint32_t rule = 0; rule < facts_.rules().size() && !failed_; ++rule) {
      if (!CanFollow(*facts_.rules()[rule].rule) || graph_.writes[rule].empty() || !Fires(rule)) continue;
      for (const Write* write : graph_.writes[rule]) {
        const PropertySymbol& property = facts_.vocabulary().property(write->property);
        const bool known = write->kind == Write::Kind::kClear || (write->kind == Write::Kind::kConstant && !IsText(property.type));
        if (!known || write->in_split || IsLater(*write, rule) ||
            std::any_of(write->path.begin(), write->path.end(), [&](const Goal& goal) { return IsBeyond(*goal.condition); })) {
          failed_ = true;
          break;
        }
        Query path;
        for (const Goal& goal : write->path) path.goals.push_back({goal.condition, goal.holds, &after_});
        if (!write->path.empty() && !Holds(std::move(path))) continue;
        const auto owner = owners.find(write->property);
        if (owner != owners.end() && owner->second != rule) continue;
        if (kept == write->property) {
          if (round != 1 || !IsTriggeredBy(rule, write->property)) continue;
        }
        Held& held = next.at(write->property);
        const bool option = property.type == Type::kOption && write->kind == Write::Kind::kConstant && held.has_value();
        if (option && !write->set->back_to &&
            IsRefusedBackward(property, static_cast<std::uint32_t>(*held), static_cast<std::uint32_t>(write->constant))) {
          continue;
        }
        if (option && IsOutsideMoves(*write, held)) continue;
        owners[write->property] = rule;
        held = write->kind == Write::Kind::kClear ? std::nullopt : Held(write->constant);
      }
    }
    // Once a rule has changed it, it is the rules' own.
    if (owners.count(kept) != 0) kept = kNoProperty;
    return next;
  }

  const Facts& facts_;
  const CascadeGraph& graph_;
  const CircleStates& states_;
  std::vector<Symbol> dynamic_;  // what rules of a cascade may write
  Changes before_;
  Changes after_;
  const std::vector<Binding>* contact_ = nullptr;
  HeldState first_;
  std::set<std::uint32_t> fired_;
  const std::map<Symbol, Held>* last_ = nullptr;
  const std::map<Symbol, Held>* present_ = nullptr;
  bool failed_ = false;
};

// A contact on which each round of the circle fires its rules, entered at `step`; nothing where there is none.
std::optional<std::vector<Binding>> ContactFor(const Facts& facts, const CircleStates& states, std::size_t step, const Rule* starter) {
  const std::size_t count = states.circle.size();
  std::deque<Changes> moments;
  const auto add_moment = [&](const HeldState& held, Query& query) -> const Changes* {
    Changes changes = facts.ChangesOf(states.properties);
    changes.version = static_cast<std::uint32_t>(moments.size()) + 1;
    moments.push_back(std::move(changes));
    for (std::size_t i = 0; i < held.size(); ++i) {
      const bool set = held[i].has_value();
      query.pins.push_back({Guards::Of(states.properties[i], moments.back().version),
                            set ? IntervalSet::Between(*held[i], *held[i]) : IntervalSet::All(), std::nullopt, !set, set});
    }
    return &moments.back();
  };
  Query query;
  const Changes* before = add_moment(states.circle[step].before, query);
  if (starter != nullptr) {
    // It fires on the state before, whatever sets it off.
    Query start;
    facts.AddFiring(*starter, 0, {nullptr, nullptr}, start);
    for (const Goal& goal : start.goals) query.goals.push_back({goal.condition, goal.holds, before});
    for (Pin pin : start.pins) {
      if (std::count(states.properties.begin(), states.properties.end(), pin.variable.symbol) != 0) pin.variable.version = before->version;
      query.pins.push_back(std::move(pin));
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const CircleStep& round = states.circle[(step + i) % count];
    const Changes* now = add_moment(round.now, query);
    for (const std::uint32_t rule : round.rules) {
      if (!facts.AddFiring(*facts.rules()[rule].rule, 0, {before, now}, query)) return std::nullopt;
    }
    before = now;
  }
  Answer answer = facts.guards().Solve(query);
  if (answer.verdict != Verdict::kYes) return std::nullopt;
  answer.witness.erase(
      std::remove_if(answer.witness.begin(), answer.witness.end(), [](const Binding& one) { return one.variable.version != 0; }),
      answer.witness.end());
  return std::move(answer.witness);
}

// The properties in which the two states differ, as places in them.
std::vector<std::size_t> Differences(const HeldState& left, const HeldState& right) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] != right[i]) places.push_back(i);
  }
  return places;
}

}  // namespace

std::optional<EndlessStart> FindEndlessStart(const Facts& facts, const CascadeGraph& graph, const CircleStates& states) {
  CascadeRun run(facts, graph, states);
  if (!run.possible()) return std::nullopt;
  for (std::size_t step = 0; step < states.circle.size(); ++step) {
    const CircleStep& round = states.circle[step];
    const std::vector<std::size_t> changed = Differences(round.before, round.now);
    if (changed.size() != 1) continue;
    const Symbol property = states.properties[changed.front()];
    if (std::optional<std::vector<Binding>> contact = ContactFor(facts, states, step, nullptr); contact.has_value()) {
      if (run.Rounds(*contact, round.before, round.now, property) == kWithoutEnd) return EndlessStart{std::move(*contact), nullptr, step};
    }
    // A rule that something else sets off, such as an event, may make the same change, and then nothing is a person's.
    for (std::uint32_t rule = 0; rule < facts.rules().size(); ++rule) {
      const Rule& starter = *facts.rules()[rule].rule;
      if (starter.disabled || starter.kind != Rule::Kind::kRule || CanFollow(starter) || starter.trigger.kind == Trigger::Kind::kNone)
        continue;
      const bool writes = std::any_of(graph.writes[rule].begin(), graph.writes[rule].end(), [&](const Write* write) {
        return write->property == property && write->path.empty() && !write->in_split && write->kind == Write::Kind::kConstant &&
               round.now[changed.front()] == Held(write->constant);
      });
      if (!writes || graph.writes[rule].size() != 1) continue;
      std::optional<std::vector<Binding>> contact = ContactFor(facts, states, step, &starter);
      if (contact.has_value() && run.Rounds(*contact, round.before, round.now, kNoProperty) == kWithoutEnd) {
        return EndlessStart{std::move(*contact), &starter, step};
      }
    }
  }
  return std::nullopt;
}

bool RunsTooLong(const Facts& facts, const CascadeGraph& graph, const std::vector<std::uint32_t>& chain) {
  const auto first = std::find_if(chain.begin(), chain.end(), [&](std::uint32_t rule) { return CanFollow(*facts.rules()[rule].rule); });
  if (first == chain.end()) return false;
  const Rule& rule = *facts.rules()[*first].rule;
  if (rule.trigger.kind != Trigger::Kind::kBecomes) return false;
  CircleStates start;
  start.properties = {rule.trigger.symbol};
  const Changes changes = facts.ChangesOf(start.properties);
  Query query;
  if (!facts.AddFiring(rule, 0, {nullptr, &changes}, query)) return false;
  Answer answer = facts.guards().Solve(query);
  if (answer.verdict != Verdict::kYes) return false;
  const auto held_in = [&](std::uint32_t version) -> Held {
    const auto value = std::find_if(answer.witness.begin(), answer.witness.end(),
                                    [&](const Binding& one) { return one.variable == Guards::Of(rule.trigger.symbol, version); });
    return value == answer.witness.end() || value->unset ? Held() : Held(value->number);
  };
  const HeldState before{held_in(0)};
  const HeldState now{held_in(changes.version)};
  std::erase_if(answer.witness, [](const Binding& one) { return one.variable.version != 0; });
  CascadeRun run(facts, graph, start);
  return run.possible() && run.Rounds(answer.witness, before, now, rule.trigger.symbol) > kCascadeRoundsMax;
}

}  // namespace stagecraft::sema
