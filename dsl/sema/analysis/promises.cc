#include "dsl/sema/analysis/promises.h"

#include <algorithm>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

bool Holds(const std::vector<Symbol>& ascending, Symbol symbol) { return std::binary_search(ascending.begin(), ascending.end(), symbol); }

bool Meet(const std::vector<Symbol>& left, const std::vector<Symbol>& right) {
  return std::any_of(left.begin(), left.end(), [&](Symbol symbol) { return Holds(right, symbol); });
}

bool IsPrefix(const std::vector<Goal>& front, const std::vector<Goal>& whole) {
  const auto same = [](const Goal& a, const Goal& b) { return a.condition == b.condition && a.holds == b.holds; };
  return front.size() <= whole.size() && std::equal(front.begin(), front.end(), whole.begin(), same);
}

class PromiseCheck {
 public:
  PromiseCheck(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings) {}

  void Check(const Promise& promise) {
    promise_ = &promise;
    reads_ = Reads{};
    facts_.Collect(promise.broken, reads_);
    CollectPrevious(promise.broken);
    reads_.Finish();
    // Scores and counters follow in ways that are not looked into here.
    const auto& derived = facts_.vocabulary().derived();
    if (std::any_of(reads_.derived.begin(), reads_.derived.end(), [&](Symbol symbol) {
          return derived[symbol].kind == DerivedKind::kScore || derived[symbol].kind == DerivedKind::kCounter;
        })) {
      return;
    }
    for (const RuleFacts& rule : facts_.rules()) {
      if (facts_.guards().exhausted()) return;
      if (rule.rule->disabled) continue;
      for (const Write& write : rule.writes) {
        if (Holds(reads_.properties, write.property) && CheckWrite(rule, write)) break;
      }
    }
  }

 private:
  void CollectPrevious(const Condition& condition) {
    for (const Condition& operand : condition.operands) CollectPrevious(operand);
    if (condition.reference.space == Reference::Space::kPrevious) reads_.properties.push_back(condition.reference.symbol);
  }

  // Another rule that may act in the same record on what the promise speaks of: it is set off by the same thing, or by what follows.
  bool OthersMayMend(const RuleFacts& rule) {
    if (++looks_ > kLooksMax) return true;
    std::vector<Symbol> changed;
    for (const Write& write : rule.writes) changed.push_back(write.property);
    changed.insert(changed.end(), rule.trigger.properties.begin(), rule.trigger.properties.end());
    std::vector<bool> reached(facts_.rules().size(), false);
    bool grown = true;
    while (grown) {
      grown = false;
      std::sort(changed.begin(), changed.end());
      changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
      for (std::size_t i = 0; i < facts_.rules().size(); ++i) {
        const RuleFacts& other = facts_.rules()[i];
        if (reached[i] || &other == &rule || other.rule->disabled || IsTimed(other.rule->trigger)) continue;
        if (!Meet(other.trigger.properties, changed) && !Meet(other.trigger.events, rule.trigger.events)) continue;
        reached[i] = true;
        for (const Write& write : other.writes) {
          if (Holds(reads_.properties, write.property)) return true;
          changed.push_back(write.property);
        }
        grown = grown || !other.writes.empty();
      }
    }
    return false;
  }

  // The state after the rule's actions on the way of `write`. False where nobody can tell it.
  bool AddAfter(const RuleFacts& rule, const Write& write, Changes& after, Query& query) const {
    std::vector<Symbol> written;
    std::vector<const Write*> applied;
    for (const Write& other : rule.writes) {
      if (other.first != write.first || !Holds(reads_.properties, other.property)) continue;
      if (!IsPrefix(other.path, write.path)) {
        // One of another branch is not applied when this one is, unless both can be.
        if (other.path.size() <= write.path.size()) continue;
        return false;
      }
      if (other.kind == Write::Kind::kComputed || (other.in_split && !write.in_split)) return false;
      if (IsText(facts_.vocabulary().property(other.property).type) && other.kind == Write::Kind::kConstant) return false;
      written.push_back(other.property);
      applied.push_back(&other);
    }
    std::sort(written.begin(), written.end());
    written.erase(std::unique(written.begin(), written.end()), written.end());
    const std::uint32_t version = after.version;
    const Changes* base = after.base;
    after = facts_.ChangesOf(written);
    after.version = version;
    after.base = base;
    for (const Symbol property : written) {
      const auto last = std::find_if(applied.rbegin(), applied.rend(), [&](const Write* one) { return one->property == property; });
      AddValue(**last, version, query);
    }
    return true;
  }

  void AddValue(const Write& write, std::uint32_t version, Query& query) const {
    Pin pin{Guards::Of(write.property, version), IntervalSet::All(), std::nullopt, false, true};
    if (write.kind == Write::Kind::kClear) {
      pin.may_be_unset = true;
      pin.may_be_set = false;
    } else if (write.kind == Write::Kind::kText) {
      pin.text = FoldCase(write.text);
    } else if (write.kind == Write::Kind::kConstant) {
      pin.values = IntervalSet::Between(write.constant, write.constant);
    } else if (facts_.vocabulary().teams()[write.team].members.empty()) {
      return;
    }
    query.pins.push_back(std::move(pin));
  }

  // E9: what is refused breaks nothing.
  void AddNotRefused(const Write& write, const Changes* before, Query& query) const {
    const PropertySymbol& property = facts_.vocabulary().property(write.property);
    if (write.set == nullptr || write.set->back_to || write.earlier.has_value()) return;
    if (write.kind != Write::Kind::kConstant || property.type != Type::kOption) return;
    const OptionSymbol& target = property.options.options[static_cast<std::size_t>(write.constant)];
    std::vector<std::uint32_t> from;
    for (std::uint32_t option = 0; option < property.options.options.size(); ++option) {
      const OptionSymbol& other = property.options.options[option];
      if (!target.forward_only || !other.forward_only || other.rank <= target.rank) from.push_back(option);
    }
    const std::uint32_t version = before != nullptr ? before->VersionOf(Reference::Space::kProperty, write.property) : 0;
    query.pins.push_back({Guards::Of(write.property, version), IntervalSet::Of(from), std::nullopt, true, true});
  }

  bool CheckWrite(const RuleFacts& rule, const Write& write) {
    const Rule& source = *rule.rule;
    const bool by_change = source.trigger.kind == Trigger::Kind::kBecomes || source.trigger.kind == Trigger::Kind::kChanges;
    Changes cause;
    if (by_change && write.first) cause = facts_.ChangesOf({source.trigger.symbol});
    const Changes* before = by_change && write.first ? &cause : nullptr;
    for (std::size_t match = 0; match < MatchesOf(source.trigger); ++match) {
      Query query;
      query.previous_is_first = true;
      if (write.first && !facts_.AddFiring(source, match, {nullptr, before}, query)) continue;
      if (!write.first && source.until.has_value()) query.goals.push_back({&*source.until, false, nullptr});
      for (const Goal& goal : write.path) query.goals.push_back({goal.condition, goal.holds, before});
      query.goals.push_back({&promise_->broken, false, before});
      AddNotRefused(write, before, query);
      Changes after;
      after.version = 2;
      after.base = before;
      if (!AddAfter(rule, write, after, query)) return false;
      query.goals.push_back({&promise_->broken, true, &after});
      const Answer answer = facts_.guards().Solve(query);
      if (answer.verdict != Verdict::kYes || OthersMayMend(rule)) continue;
      Report(source, write, before != nullptr ? 1U : 0U, answer);
      return true;
    }
    return false;
  }

  void Report(const Rule& rule, const Write& write, std::uint32_t version, const Answer& answer) {
    Diagnostic* found = findings_.Report(Code::kPromiseBreakable, write.span, findings_.NameOf(rule) + " can break " + Tick(promise_->text),
                                         "breaks a promise");
    if (found == nullptr) return;
    found->help.push_back("it shows on " + findings_.ContactOf(answer.witness, version));
    found->help.emplace_back("say in `when` that the contact keeps the promise, or mend it in the same rule");
    findings_.Note(*found, promise_->span, "the promise");
  }

  const Facts& facts_;
  Findings& findings_;
  static constexpr int kLooksMax = 200;  // more findings than anybody reads
  int looks_ = 0;
  const Promise* promise_ = nullptr;
  Reads reads_;
};

}  // namespace

void CheckPromises(const Facts& facts, Findings& findings) {
  PromiseCheck check(facts, findings);
  for (const Promise& promise : facts.script().promises) check.Check(promise);
}

}  // namespace stagecraft::sema
