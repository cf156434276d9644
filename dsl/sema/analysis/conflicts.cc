#include "dsl/sema/analysis/conflicts.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "dsl/sema/analysis/moves.h"

namespace stagecraft::sema {

namespace {

// A write, and what plainly holds of options and truths when its rule fires: most pairs are told apart by that alone.
struct Candidate {
  const Write* write = nullptr;
  std::vector<std::pair<Symbol, IntervalSet>> known;
  bool reported = false;  // once is enough
};

// What makes two rules fire in one round.
struct Cause {
  Changes changes;
  const RuleFacts* rule = nullptr;  // that rule's actions; otherwise an event, or a person's change of one property
};

bool SameValue(const Write& left, const Write& right) {
  if (left.kind != right.kind) return false;
  switch (left.kind) {
    case Write::Kind::kConstant:
      return left.constant == right.constant;
    case Write::Kind::kText:
      return left.text == right.text;
    case Write::Kind::kClear:
      return true;
    case Write::Kind::kRotation:
      return left.team == right.team;
    case Write::Kind::kComputed:
      break;
  }
  return true;  // nobody knows that they differ
}

// True when the two surely differ for some contact.
bool CanDiffer(const Write& left, const Write& right, const Vocabulary& vocabulary) {
  if (left.kind == Write::Kind::kComputed || right.kind == Write::Kind::kComputed || SameValue(left, right)) return false;
  if (left.kind == Write::Kind::kRotation && right.kind != Write::Kind::kRotation) return CanDiffer(right, left, vocabulary);
  if (right.kind != Write::Kind::kRotation) return true;
  const std::vector<std::string>& members = vocabulary.teams()[right.team].members;
  if (members.empty()) return false;
  if (left.kind == Write::Kind::kRotation) {
    return members != vocabulary.teams()[left.team].members && !vocabulary.teams()[left.team].members.empty();
  }
  return left.kind != Write::Kind::kText || std::any_of(members.begin(), members.end(), [&](const auto& one) { return one != left.text; });
}

void AddKnown(const Condition& condition, std::vector<std::pair<Symbol, IntervalSet>>& known) {
  if (condition.kind == Condition::Kind::kAnd) {
    for (const Condition& operand : condition.operands) AddKnown(operand, known);
  }
  if (condition.reference.space != Reference::Space::kProperty) return;
  if (condition.kind == Condition::Kind::kOptionIn) known.emplace_back(condition.reference.symbol, IntervalSet::Of(condition.options));
  if (condition.kind == Condition::Kind::kCompare) {
    known.emplace_back(condition.reference.symbol, IntervalSet::Of(condition.relation, condition.number));
  }
}

bool PlainlyApart(const Candidate& left, const Candidate& right) {
  return std::any_of(left.known.begin(), left.known.end(), [&](const auto& one) {
    return std::any_of(right.known.begin(), right.known.end(),
                       [&](const auto& other) { return one.first == other.first && !one.second.Meets(other.second); });
  });
}

class Conflicts {
 public:
  Conflicts(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings) {}

  void Run() {
    CollectCandidates();
    for (const auto& [key, bucket] : by_cause_) {
      if (bucket.size() < 2) continue;
      Cause cause;
      cause.changes = key.is_event ? facts_.CauseOfEvent(key.symbol) : facts_.CauseOf({key.symbol});
      ComparePairs(bucket, cause);
    }
    for (const RuleFacts& rule : facts_.rules()) CompareSetOffBy(rule);
  }

 private:
  struct Key {
    Symbol property = 0;
    bool is_event = false;
    Symbol symbol = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  // Bounds of work: beyond them pairs are not looked at. Scripts of ten thousand rules stay far below.
  static constexpr int kComparisonsMax = 1'000'000;
  static constexpr int kSearchesMax = 20'000;
  static constexpr std::size_t kSmallBucket = 32;

  bool IsBeyondBounds() {
    if (++comparisons_ <= kComparisonsMax && searches_ <= kSearchesMax) return false;
    findings_.GiveUp("conflicts");
    return true;
  }

  void CollectCandidates() {
    for (const RuleFacts& rule : facts_.rules()) {
      if (!ActsAtOnce(*rule.rule) || IsTimed(rule.rule->trigger)) continue;
      std::vector<std::pair<Symbol, IntervalSet>> known;
      if (rule.rule->trigger.kind == Trigger::Kind::kBecomes) {
        known.emplace_back(rule.rule->trigger.symbol, IntervalSet::Of(rule.rule->trigger.options));
      }
      AddKnown(rule.rule->guard, known);
      for (const Write& write : rule.writes) {
        if (!write.first || write.kind == Write::Kind::kComputed) continue;
        candidates_.push_back({&write, known, false});
        for (const Symbol event : rule.trigger.events) by_cause_[{write.property, true, event}].push_back(candidates_.size() - 1);
        for (const Symbol property : rule.trigger.properties) {
          by_cause_[{write.property, false, property}].push_back(candidates_.size() - 1);
          if (write.earlier.has_value()) continue;
          followers_[property].push_back(candidates_.size() - 1);
        }
      }
    }
  }

  // The property that tells most of them apart; nothing when none does.
  std::optional<Symbol> Divider(const std::vector<std::size_t>& bucket) const {
    std::map<Symbol, std::size_t> uses;
    for (const std::size_t one : bucket) {
      for (const auto& [symbol, values] : candidates_[one].known) {
        const bool few = !values.empty() && values.intervals().front().low >= 0 && values.intervals().back().high < kOptionsMax;
        if (few) ++uses[symbol];
      }
    }
    const auto most = std::max_element(uses.begin(), uses.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == uses.end()) return std::nullopt;
    return most->first;
  }

  void ComparePairs(const std::vector<std::size_t>& bucket, const Cause& cause) {
    const std::optional<Symbol> divider = bucket.size() > kSmallBucket ? Divider(bucket) : std::nullopt;
    std::map<std::int64_t, std::vector<std::size_t>> cells;
    std::vector<std::size_t> anywhere;
    for (const std::size_t one : bucket) {
      const auto& known = candidates_[one].known;
      const auto part = std::find_if(known.begin(), known.end(), [&](const auto& pair) { return divider == pair.first; });
      if (part == known.end() || part->second.empty() || part->second.intervals().back().high >= kOptionsMax) {
        anywhere.push_back(one);
        continue;
      }
      for (const auto& interval : part->second.intervals()) {
        for (std::int64_t value = interval.low; value <= interval.high; ++value) cells[value].push_back(one);
      }
    }
    CompareAll(anywhere, anywhere, cause);
    for (const auto& [value, cell] : cells) {
      CompareAll(cell, cell, cause);
      CompareAll(cell, anywhere, cause);
    }
  }

  void CompareAll(const std::vector<std::size_t>& left, const std::vector<std::size_t>& right, const Cause& cause) {
    const bool same = &left == &right;
    if (same && AllAlike(left)) return;
    for (std::size_t i = 0; i < left.size(); ++i) {
      for (std::size_t j = same ? i + 1 : 0; j < right.size(); ++j) {
        if (IsBeyondBounds()) return;
        Compare(candidates_[std::min(left[i], right[j])], candidates_[std::max(left[i], right[j])], cause);
      }
    }
  }

  bool AllAlike(const std::vector<std::size_t>& bucket) const {
    return std::all_of(bucket.begin(), bucket.end(),
                       [&](std::size_t one) { return SameValue(*candidates_[one].write, *candidates_[bucket.front()].write); });
  }

  void Compare(const Candidate& winner, Candidate& loser, const Cause& cause) {
    const Write& first = *winner.write;
    const Write& second = *loser.write;
    if (first.rule == second.rule || (first.in_split && second.in_split) || loser.reported) return;
    if (!CanDiffer(first, second, facts_.vocabulary()) || PlainlyApart(winner, loser)) return;
    const Rule& first_rule = *facts_.rules()[first.rule].rule;
    const Rule& second_rule = *facts_.rules()[second.rule].rule;
    for (std::size_t i = 0; i < MatchesOf(first_rule.trigger); ++i) {
      for (std::size_t j = 0; j < MatchesOf(second_rule.trigger); ++j) {
        Query query;
        if (!facts_.AddFiring(first_rule, i, {nullptr, &cause.changes}, query)) continue;
        if (!facts_.AddFiring(second_rule, j, {nullptr, &cause.changes}, query)) continue;
        AddWriting(first, cause, query);
        AddWriting(second, cause, query);
        if (cause.rule != nullptr) AddCause(cause, query);
        ++searches_;
        const Answer answer = facts_.guards().Solve(query);
        if (answer.verdict != Verdict::kYes) continue;
        loser.reported = true;
        Report(first, second, cause, answer);
        return;
      }
    }
  }

  // The branches it stands in, and that it is not refused as a backward move (E9).
  void AddWriting(const Write& write, const Cause& cause, Query& query) const {
    for (const Goal& goal : write.path) query.goals.push_back({goal.condition, goal.holds, &cause.changes});
    AddNotRefused(facts_, write, cause.changes.VersionOf(Reference::Space::kProperty, write.property), query);
  }

  // The rule that is the cause fires before the changes, and makes them.
  void AddCause(const Cause& cause, Query& query) const {
    facts_.AddFiring(*cause.rule->rule, 0, {}, query);
    for (const Write& write : cause.rule->writes) {
      if (!write.first || write.kind != Write::Kind::kConstant || IsText(facts_.vocabulary().property(write.property).type)) continue;
      query.pins.push_back({Guards::Of(write.property, cause.changes.version), IntervalSet::Between(write.constant, write.constant),
                            std::nullopt, false, true});
    }
  }

  // Two rules that are set off by two different changes of one rule.
  void CompareSetOffBy(const RuleFacts& rule) {
    if (rule.writes.size() < 2 || rule.rule->disabled || rule.rule->kind == Rule::Kind::kSla) return;
    Cause cause;
    cause.rule = &rule;
    std::vector<Symbol> written;
    for (const Write& write : rule.writes) {
      if (!write.first || write.kind != Write::Kind::kConstant || !write.path.empty() || write.in_split) continue;
      if (std::count(written.begin(), written.end(), write.property) == 0 && followers_.count(write.property) != 0) {
        written.push_back(write.property);
      }
    }
    if (written.size() < 2) return;
    std::sort(written.begin(), written.end());
    cause.changes = facts_.CauseOf(written);
    for (std::size_t i = 0; i < written.size(); ++i) {
      for (std::size_t j = i + 1; j < written.size(); ++j) {
        CompareFollowers(FollowersOf(rule, written[i]), FollowersOf(rule, written[j]), cause);
      }
    }
  }

  // Those that what the rule sets the property to can set off, as far as that is plain.
  std::vector<std::size_t> FollowersOf(const RuleFacts& rule, Symbol property) const {
    const auto last = std::find_if(rule.writes.rbegin(), rule.writes.rend(),
                                   [&](const Write& write) { return write.first && write.property == property; });
    std::vector<std::size_t> followers;
    for (const std::size_t one : followers_.at(property)) {
      const auto& known = candidates_[one].known;
      const bool apart = last->kind == Write::Kind::kConstant && std::any_of(known.begin(), known.end(), [&](const auto& part) {
                           return part.first == property && !part.second.Contains(last->constant);
                         });
      if (!apart) followers.push_back(one);
    }
    return followers;
  }

  void CompareFollowers(const std::vector<std::size_t>& left, const std::vector<std::size_t>& right, const Cause& cause) {
    for (const std::size_t one : left) {
      for (const std::size_t other : right) {
        if (candidates_[one].write->property != candidates_[other].write->property) continue;
        if (IsBeyondBounds()) return;
        Compare(candidates_[std::min(one, other)], candidates_[std::max(one, other)], cause);
      }
    }
  }

  std::string CauseText(const Cause& cause, const Answer& answer) const {
    if (cause.rule != nullptr) return findings_.NameOf(*cause.rule->rule) + " fires";
    const Vocabulary& vocabulary = facts_.vocabulary();
    if (cause.changes.event.has_value()) return Tick(vocabulary.event(*cause.changes.event).name) + " happens";
    const Symbol property = cause.changes.properties.front();
    const std::string name = findings_.PropertyName(property);
    const Variable changed = Guards::Of(property, cause.changes.version);
    const auto value =
        std::find_if(answer.witness.begin(), answer.witness.end(), [&](const Binding& one) { return one.variable == changed; });
    if (value == answer.witness.end() || IsText(vocabulary.property(property).type)) return name + " changes";
    if (value->unset) return name + " is cleared";
    return name + " becomes " + Tick(findings_.ValueOf(property, value->number));
  }

  std::string DoneBy(const Write& write) const {
    return write.kind == Write::Kind::kClear ? "cleared" : "set to " + findings_.ValueOf(write);
  }

  void Report(const Write& winner, const Write& loser, const Cause& cause, const Answer& answer) {
    const Rule& first = *facts_.rules()[winner.rule].rule;
    Diagnostic* found = findings_.Report(Code::kConflict, loser.span,
                                         findings_.PropertyName(loser.property) + " is " + DoneBy(loser) + " here and " + DoneBy(winner) +
                                             " by " + findings_.NameOf(first) + " in one round",
                                         "loses");
    if (found == nullptr) return;
    found->help.push_back("it shows when " + CauseText(cause, answer) + ", on " + findings_.ContactOf(answer.witness));
    found->help.emplace_back("the rule that stands first wins: put them in order and tell them apart with `when`");
    findings_.Note(*found, winner.span, "this one wins");
  }

  const Facts& facts_;
  Findings& findings_;
  std::vector<Candidate> candidates_;
  std::map<Key, std::vector<std::size_t>> by_cause_;
  std::unordered_map<Symbol, std::vector<std::size_t>> followers_;
  int comparisons_ = 0;
  int searches_ = 0;
};

}  // namespace

void CheckConflicts(const Facts& facts, Findings& findings) { Conflicts(facts, findings).Run(); }

}  // namespace stagecraft::sema
