#include "dsl/sema/analysis/promises.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dsl/sema/analysis/mending.h"
#include "dsl/sema/analysis/moves.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

constexpr std::uint32_t kAfterVersion = 2;

class PromiseCheck {
 public:
  PromiseCheck(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings) {}

  void Check(const Promise& promise) {
    promise_ = &promise;
    open_.reset();
    reads_ = Reads{};
    facts_.Collect(promise.broken, reads_);
    CollectPrevious(promise.broken);
    reads_.Finish();
    bool told = false;
    for (const RuleFacts& rule : facts_.rules()) {
      if (rule.rule->disabled) continue;
      for (const Write& write : rule.writes) {
        if (!IsAmong(reads_.properties, write.property) || !CheckWrite(rule, write)) continue;
        told = true;
        break;
      }
    }
    // Where a rule surely can break it, that is what to mend first.
    if (!told && open_.has_value()) ReportOpen();
  }

 private:
  // Why it cannot be told whether a write keeps the promise.
  struct Open {
    const Write* write = nullptr;
    std::string reason;
  };

  void CollectPrevious(const Condition& condition) {
    for (const Condition& operand : condition.operands) CollectPrevious(operand);
    if (condition.reference.space == Reference::Space::kPrevious) reads_.properties.push_back(condition.reference.symbol);
  }

  std::string NameOf(std::uint32_t rule) const { return findings_.NameOf(*facts_.rules()[rule].rule); }

  // The state after the rule's actions on the way of `write`. What is not known of it is any value; returns why.
  std::string AddAfter(const RuleFacts& rule, const Write& write, Changes& after, Query& query) const {
    std::vector<const Write*> applied;
    std::string unknown;
    for (const Write& other : rule.writes) {
      if (other.first != write.first || !IsAmong(reads_.properties, other.property) || SetsNothing(facts_, other)) continue;
      const bool on_the_way = IsPrefix(other.path, write.path);
      // One of another branch is not applied when this one is, unless both can be.
      if (!on_the_way && other.path.size() <= write.path.size()) continue;
      if (!on_the_way || (other.in_split && other.part != write.part))
        unknown = "what " + NameOf(write.rule) + " has set by then depends on its branches";
      applied.push_back(&other);
    }
    std::vector<Symbol> written;
    for (const Write* one : applied) written.push_back(one->property);
    std::sort(written.begin(), written.end());
    written.erase(std::unique(written.begin(), written.end()), written.end());
    const Changes* base = after.base;
    after = facts_.ChangesOf(written);
    after.version = kAfterVersion;
    after.base = base;
    for (const Symbol property : written) {
      const auto last = std::find_if(applied.rbegin(), applied.rend(), [&](const Write* one) { return one->property == property; });
      if (unknown.empty() && !AddValue(**last, query)) {
        unknown = NameOf(write.rule) + " sets " + findings_.PropertyName(property) + " to a computed value";
      }
    }
    return unknown.empty() ? FollowingScore(after, write.rule) : unknown;
  }

  // A score or counter of the promise that moves with what is written: by how much is not looked into.
  std::string FollowingScore(const Changes& after, std::uint32_t rule) const {
    for (const Symbol symbol : reads_.derived) {
      const DerivedSymbol& derived = facts_.vocabulary().derived()[symbol];
      const bool counts = derived.kind == DerivedKind::kScore || derived.kind == DerivedKind::kCounter;
      if (counts && IsAmong(after.derived, symbol)) return Tick(derived.name) + " follows what " + NameOf(rule) + " sets";
    }
    return {};
  }

  // False where nobody knows the value.
  bool AddValue(const Write& write, Query& query) const {
    if (write.kind == Write::Kind::kComputed) return false;
    const bool is_text = IsText(facts_.vocabulary().property(write.property).type);
    if (is_text && write.kind == Write::Kind::kConstant) return false;
    Pin pin{Guards::Of(write.property, kAfterVersion), IntervalSet::All(), std::nullopt, false, true};
    if (write.kind == Write::Kind::kClear) {
      pin.may_be_unset = true;
      pin.may_be_set = false;
    } else if (write.kind == Write::Kind::kText) {
      pin.text = FoldCase(write.text);
    } else if (write.kind == Write::Kind::kConstant) {
      pin.values = IntervalSet::Between(write.constant, write.constant);
    }
    query.pins.push_back(std::move(pin));
    return true;
  }

  bool CheckWrite(const RuleFacts& rule, const Write& write) {
    const Rule& source = *rule.rule;
    const bool by_change = source.trigger.kind == Trigger::Kind::kBecomes || source.trigger.kind == Trigger::Kind::kChanges;
    Changes cause;
    if (by_change && write.first) cause = facts_.ChangesOf({source.trigger.symbol});
    const Changes* before = by_change && write.first ? &cause : nullptr;
    if (SetsNothing(facts_, write)) return false;
    for (std::size_t match = 0; match < MatchesOf(source.trigger); ++match) {
      Query query;
      query.previous_is_first = true;
      if (write.first && !facts_.AddFiring(source, match, {nullptr, before}, query)) continue;
      if (!write.first && source.until.has_value()) query.goals.push_back({&*source.until, false, nullptr});
      for (const Goal& goal : write.path) query.goals.push_back({goal.condition, goal.holds, before});
      query.goals.push_back({&promise_->broken, false, before});
      AddNotRefused(facts_, write, before != nullptr ? before->VersionOf(Reference::Space::kProperty, write.property) : 0, query);
      Changes after;
      after.base = before;
      const std::string unknown = AddAfter(rule, write, after, query);
      query.goals.push_back({&promise_->broken, true, &after});
      const Answer answer = facts_.guards().Solve(query);
      if (answer.verdict == Verdict::kNo) continue;
      const std::string reason = answer.verdict == Verdict::kYes ? unknown : NameOf(write.rule) + " asks for more than can be looked into";
      if (!reason.empty()) {
        Remember(write, reason);
        continue;
      }
      const Breach breach{&promise_->broken, &reads_, &write, match, &query, before, &after};
      if (!IsMended(breach, write)) {
        Report(source, write, before != nullptr ? 1U : 0U, answer);
        return true;
      }
    }
    return false;
  }

  void Remember(const Write& write, std::string reason) {
    if (!open_.has_value()) open_ = Open{&write, std::move(reason)};
  }

  // True where another rule mends it, or may.
  bool IsMended(const Breach& breach, const Write& write) {
    if (++looks_ > kLooksMax) {
      findings_.GiveUp("promises");
      Remember(write, NameOf(write.rule) + " was not looked into");
      return true;
    }
    const Mending mending = MendingOf(facts_, breach);
    if (mending.outcome == Mending::Outcome::kMaybe) {
      const std::string who = mending.rule == write.rule ? "it may mend that itself" : NameOf(mending.rule) + " may mend that";
      Remember(write, NameOf(write.rule) + " can break it, and " + who + " in the same cascade");
    }
    return mending.outcome != Mending::Outcome::kNever;
  }

  void Report(const Rule& rule, const Write& write, std::uint32_t version, const Answer& answer) {
    Diagnostic* found = findings_.Report(Code::kPromiseBreakable, write.span, findings_.NameOf(rule) + " can break " + Tick(promise_->text),
                                         "breaks a promise");
    if (found == nullptr) return;
    found->help.push_back("it shows on " + findings_.ContactOf(answer.witness, version));
    found->help.emplace_back("say in `when` that the contact keeps the promise, or mend it in the same rule");
    findings_.Note(*found, promise_->span, "the promise");
  }

  void ReportOpen() {
    Diagnostic* found = findings_.Report(Code::kPromiseUnknown, promise_->span,
                                         "whether " + Tick(promise_->text) + " is kept cannot be told: " + open_->reason, "cannot tell");
    if (found == nullptr) return;
    found->help.emplace_back("it is watched whenever something changes; a `when` that asks for what is promised makes it sure");
    findings_.Note(*found, open_->write->span, "this may break it");
  }

  const Facts& facts_;
  Findings& findings_;
  static constexpr int kLooksMax = 200;  // more findings than anybody reads
  int looks_ = 0;
  const Promise* promise_ = nullptr;
  Reads reads_;
  std::optional<Open> open_;  // the first
};

}  // namespace

void CheckPromises(const Facts& facts, Findings& findings) {
  PromiseCheck check(facts, findings);
  for (const Promise& promise : facts.script().promises) check.Check(promise);
}

}  // namespace stagecraft::sema
