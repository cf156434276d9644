#include "dsl/sema/analysis/mending.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

constexpr std::size_t kPropertiesMax = 4;  // that others write; each of their subsets is asked for
constexpr std::uint32_t kMendedVersion = 3;

// What a property can be after some of these writes.
Pin PinAfter(const Facts& facts, Symbol property, const std::vector<const Write*>& writes) {
  Pin pin{Guards::Of(property, kMendedVersion), IntervalSet::All(), std::nullopt, false, true};
  std::vector<std::int64_t> constants;
  bool any = false;
  bool set = false;
  for (const Write* write : writes) {
    const bool text = IsText(facts.vocabulary().property(property).type);
    pin.may_be_unset = pin.may_be_unset || write->kind == Write::Kind::kClear || write->kind == Write::Kind::kComputed;
    set = set || write->kind != Write::Kind::kClear;
    if (write->kind == Write::Kind::kConstant && !text) constants.push_back(write->constant);
    any = any || (write->kind != Write::Kind::kClear && (text || write->kind != Write::Kind::kConstant));
  }
  pin.may_be_set = set;
  if (writes.size() == 1 && writes.front()->kind == Write::Kind::kText) pin.text = FoldCase(writes.front()->text);
  if (any || constants.empty()) return pin;
  IntervalSet others = IntervalSet::All();
  for (const std::int64_t constant : constants) others.IntersectWith(IntervalSet::Between(constant, constant).Complement());
  pin.values = others.Complement();
  return pin;
}

class Menders {
 public:
  Menders(const Facts& facts, const Breach& breach) : facts_(facts), breach_(breach), source_(facts.rules()[breach.write->rule]) {}

  Mending Run() {
    Follow();
    Mending result;
    if (writes_.empty()) return result;
    result.rule = mender_;
    if (writes_.size() <= kPropertiesMax && !SomeSubsetMends()) return result;
    result.outcome = SomeoneSurelyMends() ? Mending::Outcome::kSurely : Mending::Outcome::kMaybe;
    return result;
  }

 private:
  // All rules that may act in the same record: they are set off by the same thing, or by what follows.
  void Follow() {
    const std::size_t count = facts_.rules().size();
    reached_.assign(count, false);
    // Behind a wait for time, what set the rule off is past.
    const bool same_record = breach_.write->same_record;
    std::vector<Symbol> changed;
    if (same_record) changed = source_.trigger.properties;
    for (const Write& write : source_.writes) {
      if (write.first == breach_.write->first) changed.push_back(write.property);
    }
    for (const std::uint32_t sequence : source_.enrols) Reach(sequence, changed);
    AddWrites(source_, true, changed);
    for (bool grown = true; grown;) {
      grown = false;
      std::sort(changed.begin(), changed.end());
      changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
      for (std::uint32_t i = 0; i < count; ++i) {
        const RuleFacts& other = facts_.rules()[i];
        if (reached_[i] || i == breach_.write->rule || other.rule->disabled || IsTimed(other.rule->trigger)) continue;
        if (!Meet(other.trigger.properties, changed) && !Meet(other.trigger.since, changed) &&
            !(same_record && Meet(other.trigger.events, source_.trigger.events))) {
          continue;
        }
        Reach(i, changed);
        grown = grown || !other.writes.empty() || !other.enrols.empty();
      }
    }
  }

  void Reach(std::uint32_t rule, std::vector<Symbol>& changed) {
    if (reached_[rule]) return;
    reached_[rule] = true;
    AddWrites(facts_.rules()[rule], false, changed);
    for (const std::uint32_t sequence : facts_.rules()[rule].enrols) Reach(sequence, changed);
  }

  void AddWrites(const RuleFacts& rule, bool later_only, std::vector<Symbol>& changed) {
    for (const Write& write : rule.writes) {
      if (!write.same_record || (later_only && write.first) || SetsNothing(facts_, write)) continue;
      changed.push_back(write.property);
      if (!IsAmong(breach_.reads->properties, write.property)) continue;
      if (writes_.empty()) mender_ = write.rule;
      writes_[write.property].push_back(&write);
    }
  }

  bool IsOpen(const Query& query) const { return !facts_.guards().Impossible(query); }

  // Is there a state in which the promise is kept, after some of these properties have got another value?
  bool SomeSubsetMends() const {
    std::vector<Symbol> properties;
    for (const auto& [property, writes] : writes_) properties.push_back(property);
    for (std::uint32_t subset = 1; subset < (1U << properties.size()); ++subset) {
      std::vector<Symbol> written;
      for (std::size_t i = 0; i < properties.size(); ++i) {
        if ((subset >> i & 1U) != 0) written.push_back(properties[i]);
      }
      Query query = *breach_.query;
      const Changes mended = MendedBy(written);
      for (const Symbol property : written) query.pins.push_back(PinAfter(facts_, property, writes_.at(property)));
      query.goals.push_back({breach_.broken, false, &mended});
      if (IsOpen(query)) return true;
    }
    return false;
  }

  Changes MendedBy(std::vector<Symbol> written) const {
    Changes mended = facts_.ChangesOf(std::move(written));
    mended.version = kMendedVersion;
    mended.base = breach_.after;
    return mended;
  }

  // In every such state some rule fires, whatever else does, and mends it by itself.
  bool SomeoneSurelyMends() const {
    Query unmended = *breach_.query;
    bool some = false;
    for (std::uint32_t i = 0; i < reached_.size(); ++i) {
      const RuleFacts& other = facts_.rules()[i];
      if (!reached_[i] || other.rule->kind != Rule::Kind::kRule || other.once_in_record || other.rule->until.has_value()) continue;
      const std::optional<const Changes*> when = SurelySetOff(*other.rule);
      if (!when.has_value() || !Mends(other)) continue;
      unmended.goals.push_back({&other.rule->guard, false, *when});
      some = true;
    }
    return some && !IsOpen(unmended);
  }

  // The state in which its trigger surely comes true; nothing where that is not sure.
  std::optional<const Changes*> SurelySetOff(const Rule& other) const {
    const Trigger& trigger = other.trigger;
    const Trigger& own = source_.rule->trigger;
    switch (trigger.kind) {
      case Trigger::Kind::kEvent:
        if (!breach_.write->first || own.kind != Trigger::Kind::kEvent) return std::nullopt;
        for (const EventMatch& match : trigger.events) {
          if (match.event == own.events[breach_.match].event && match.conditions.empty()) return breach_.before;
        }
        return std::nullopt;
      case Trigger::Kind::kBecomes: {
        if (trigger.from.has_value()) return std::nullopt;
        const bool same = breach_.write->first && own.kind == Trigger::Kind::kBecomes && own.symbol == trigger.symbol;
        if (same && std::includes(trigger.options.begin(), trigger.options.end(), own.options.begin(), own.options.end())) {
          return breach_.before;
        }
        const IntervalSet options = IntervalSet::Of(trigger.options);
        if (MayBe(trigger.symbol, breach_.before, options, false) || MayBe(trigger.symbol, breach_.after, options.Complement(), true)) {
          return std::nullopt;
        }
        return breach_.after;
      }
      case Trigger::Kind::kRises:
        return SurelyTurns(facts_.script().derived[trigger.symbol].condition);
      case Trigger::Kind::kTurnsTrue:
        return SurelyTurns(trigger.condition);
      default:
        return std::nullopt;
    }
  }

  bool MayBe(Symbol property, const Changes* state, IntervalSet values, bool or_unset) const {
    Query query = *breach_.query;
    const std::uint32_t version = state != nullptr ? state->VersionOf(Reference::Space::kProperty, property) : 0;
    query.pins.push_back({Guards::Of(property, version), std::move(values), std::nullopt, or_unset, true});
    return IsOpen(query);
  }

  std::optional<const Changes*> SurelyTurns(const Condition& condition) const {
    Query was = *breach_.query;
    was.goals.push_back({&condition, true, breach_.before});
    Query is_not = *breach_.query;
    is_not.goals.push_back({&condition, false, breach_.after});
    if (IsOpen(was) || IsOpen(is_not)) return std::nullopt;
    return breach_.after;
  }

  // What it surely sets keeps the promise.
  bool Mends(const RuleFacts& other) const {
    std::map<Symbol, const Write*> last;
    for (const Write& write : other.writes) {
      if (!write.first || !IsAmong(breach_.reads->properties, write.property) || SetsNothing(facts_, write)) continue;
      const bool forward = facts_.vocabulary().property(write.property).forward_only;
      if (write.in_split || !write.path.empty() || write.kind == Write::Kind::kComputed || forward) return false;
      last[write.property] = &write;
    }
    if (last.empty()) return false;
    Query query = *breach_.query;
    std::vector<Symbol> written;
    for (const auto& [property, write] : last) {
      written.push_back(property);
      query.pins.push_back(PinAfter(facts_, property, {write}));
    }
    const Changes mended = MendedBy(std::move(written));
    query.goals.push_back({breach_.broken, true, &mended});
    return !IsOpen(query);
  }

  const Facts& facts_;
  const Breach& breach_;
  const RuleFacts& source_;
  std::vector<bool> reached_;
  std::map<Symbol, std::vector<const Write*>> writes_;  // by property that the promise reads
  std::uint32_t mender_ = 0;                            // the rule of the first of them
};

}  // namespace

Mending MendingOf(const Facts& facts, const Breach& breach) { return Menders(facts, breach).Run(); }

}  // namespace stagecraft::sema
