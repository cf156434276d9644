#include "dsl/sema/analysis/parts.h"

#include <algorithm>

namespace stagecraft::sema {

namespace {

// What a condition speaks of, coarsely: two conditions without a common key decide nothing about each other.
using Keys = std::vector<std::uint64_t>;

std::uint64_t KeyOf(Reference::Space space, Symbol symbol, Symbol event) {
  return (static_cast<std::uint64_t>(space) << 56U) | (static_cast<std::uint64_t>(event) << 28U) | symbol;
}

constexpr std::uint64_t kEventsKey = std::uint64_t{0xFF} << 56U;

class KeyCollector {
 public:
  KeyCollector(const Facts& facts, Keys& keys) : facts_(facts), keys_(keys) {}

  // True where the condition may decide something by itself: several literals of one variable, or a variable with bounds.
  bool Add(const Condition& condition) {
    if (++visited_ > kVisitedMax) return true;
    bool own = false;
    for (const Condition& operand : condition.operands) own = Add(operand) || own;
    if (!condition.events.empty()) keys_.push_back(kEventsKey);
    switch (condition.kind) {
      case Condition::Kind::kAnd:
      case Condition::Kind::kOr:
      case Condition::Kind::kNot:
      case Condition::Kind::kSeen:
      case Condition::Kind::kSeenSince:
      case Condition::Kind::kSeenSinceRun:
        return own;
      case Condition::Kind::kAlways:
      case Condition::Kind::kNever:
        return true;
      default:
        break;
    }
    const Reference& reference = condition.reference;
    if (reference.space == Reference::Space::kDerived) {
      const DerivedKind kind = facts_.vocabulary().derived()[reference.symbol].kind;
      if (kind == DerivedKind::kDefinition || kind == DerivedKind::kList) return Add(facts_.script().derived[reference.symbol].condition);
      own = true;
    }
    const std::uint64_t key = KeyOf(reference.space, reference.symbol, reference.space == Reference::Space::kField ? reference.event : 0);
    own = own || std::count(keys_.begin(), keys_.end(), key) != 0;
    keys_.push_back(key);
    return own;
  }

 private:
  static constexpr int kVisitedMax = 200;
  const Facts& facts_;
  Keys& keys_;
  int visited_ = 0;
};

bool Meet(const Keys& left, const Keys& right) {
  return std::any_of(left.begin(), left.end(), [&](std::uint64_t key) { return std::count(right.begin(), right.end(), key) != 0; });
}

void Flatten(const Condition& condition, std::vector<const Condition*>& parts) {
  if (condition.kind != Condition::Kind::kAnd) {
    parts.push_back(&condition);
    return;
  }
  for (const Condition& operand : condition.operands) Flatten(operand, parts);
}

class PartsCheck {
 public:
  PartsCheck(const Facts& facts, const Known& known, std::optional<std::uint32_t> modifiers, Findings& findings)
      : facts_(facts), known_(known), modifiers_(modifiers), findings_(findings) {}

  void Run(const Condition& condition) {
    CollectKnown();
    parts_ = ConjunctsOf(condition);
    if (parts_.size() > kPartsMax) {
      findings_.GiveUp("parts of conditions");
      return;
    }
    keys_.resize(parts_.size());
    std::vector<bool> own(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) own[i] = KeyCollector(facts_, keys_[i]).Add(*parts_[i]);
    gone_.assign(parts_.size(), false);
    for (std::size_t i = parts_.size(); i-- > 0;) {
      if (!own[i] && !Related(i)) continue;
      if (IsWritten(parts_[i]->span) && CheckConjunct(i)) continue;
      if (parts_[i]->kind == Condition::Kind::kOr) CheckAlternatives(i);
    }
  }

 private:
  // Nobody writes more; the search below is quadratic in them.
  static constexpr std::size_t kPartsMax = 32;

  void CollectKnown() {
    for (const Query& query : known_) {
      KeyCollector collector(facts_, known_keys_);
      for (const Goal& goal : query.goals) collector.Add(*goal.condition);
      for (const Pin& pin : query.pins) known_keys_.push_back(KeyOf(pin.variable.space, pin.variable.symbol, 0));
    }
  }

  bool Related(std::size_t part) const {
    if (Meet(keys_[part], known_keys_)) return true;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (i != part && Meet(keys_[part], keys_[i])) return true;
    }
    return false;
  }

  // What the other parts say; those written as one with it (`is not` is two) are not others.
  std::vector<Goal> Others(std::size_t part) const {
    std::vector<Goal> goals;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i != part && !gone_[i] && !(parts_[i]->span == parts_[part]->span)) goals.push_back({parts_[i], true, nullptr});
    }
    return goals;
  }

  bool CheckConjunct(std::size_t part) {
    for (std::size_t i = part + 1; i < parts_.size(); ++i) {
      if (parts_[i]->span == parts_[part]->span) return true;
    }
    std::vector<const Condition*> same;
    for (const Condition* other : parts_) {
      if (other->span == parts_[part]->span) same.push_back(other);
    }
    for (const Condition* one : same) {
      std::vector<Goal> goals = Others(part);
      goals.push_back({one, false, nullptr});
      if (!NeverHolds(facts_, known_, goals)) return false;
    }
    // All that is written as one with it: what is left out says nothing of the others any more.
    for (std::size_t i = 0; i < parts_.size(); ++i) gone_[i] = gone_[i] || parts_[i]->span == parts_[part]->span;
    const Span span = parts_[part]->span;
    if (Diagnostic* found =
            findings_.Report(Code::kAlwaysTrue, span, Tick(findings_.TextAt(span)) + " is always true here", "always true")) {
      found->help.emplace_back(parts_.size() == 1 && known_keys_.empty() ? "leave it out, or mend it"
                                                                         : "leave it out: the rest says it already");
      Offer(*found, TakeOutConjunct(span));
    }
    return true;
  }

  std::optional<Fix> TakeOutConjunct(Span span) const {
    std::optional<Fix> fix = findings_.mender().TakeOutOperand(span, "and", "leave it out");
    if (fix.has_value() || !modifiers_.has_value()) return fix;
    return findings_.mender().TakeOutClause(span, "when", {}, *modifiers_, "leave it out");
  }

  static void Offer(Diagnostic& found, std::optional<Fix> fix) {
    if (fix.has_value()) found.fixes.push_back(std::move(*fix));
  }

  void CheckAlternatives(std::size_t part) {
    const std::vector<Condition>& arms = parts_[part]->operands;
    if (arms.size() > kPartsMax) {
      findings_.GiveUp("parts of conditions");
      return;
    }
    const std::vector<Goal> others = Others(part);
    std::vector<bool> gone(arms.size(), false);
    for (std::size_t i = arms.size(); i-- > 0;) {
      if (!IsWritten(arms[i].span) || arms[i].span == parts_[part]->span) continue;
      std::vector<Goal> goals = others;
      goals.push_back({&arms[i], true, nullptr});
      const std::string text = Tick(findings_.TextAt(arms[i].span));
      if (NeverHolds(facts_, known_, goals)) {
        gone[i] = true;
        if (Diagnostic* found = findings_.Report(Code::kNeverTrueHere, arms[i].span, text + " is never true here", "never true")) {
          found->help.emplace_back("leave it out, or mend it");
          Offer(*found, findings_.mender().TakeOutOperand(arms[i].span, "or", "leave it out"));
        }
        continue;
      }
      for (std::size_t other = 0; other < arms.size() && !gone[i]; ++other) {
        if (other == i || gone[other] || !IsWritten(arms[other].span)) continue;
        std::vector<Goal> beyond = goals;
        beyond.push_back({&arms[other], false, nullptr});
        if (!NeverHolds(facts_, known_, beyond)) continue;
        gone[i] = true;
        if (Diagnostic* found = findings_.Report(Code::kAlwaysTrue, arms[i].span, text + " adds nothing: another alternative covers it",
                                                 "covered already")) {
          findings_.Note(*found, arms[other].span, "this one holds whenever it does");
          Offer(*found, findings_.mender().TakeOutOperand(arms[i].span, "or", "leave it out"));
        }
      }
    }
  }

  const Facts& facts_;
  const Known& known_;
  const std::optional<std::uint32_t> modifiers_;
  Findings& findings_;
  Keys known_keys_;
  std::vector<const Condition*> parts_;
  std::vector<Keys> keys_;
  std::vector<bool> gone_;
};

}  // namespace

bool DecidesSomething(const Facts& facts, const Trigger& trigger, const Condition& condition) {
  // What the trigger says beyond options is looked at in full.
  const bool plain =
      trigger.kind == Trigger::Kind::kEvent || trigger.kind == Trigger::Kind::kBecomes || trigger.kind == Trigger::Kind::kStays;
  if (!plain || condition.kind == Condition::Kind::kOr) return true;
  Keys keys;
  keys.reserve(16);
  KeyCollector collector(facts, keys);
  if (trigger.kind != Trigger::Kind::kEvent) keys.push_back(KeyOf(Reference::Space::kProperty, trigger.symbol, 0));
  for (const EventMatch& match : trigger.events) {
    for (const Condition& field : match.conditions) collector.Add(field);
  }
  if (collector.Add(condition)) return true;
  return std::count(keys.begin(), keys.end(), kEventsKey) > 1;
}

std::vector<const Condition*> ConjunctsOf(const Condition& condition) {
  std::vector<const Condition*> parts;
  Flatten(condition, parts);
  return parts;
}

void CheckParts(const Facts& facts, const Known& known, const Condition& condition, Findings& findings,
                std::optional<std::uint32_t> modifiers) {
  if (condition.kind == Condition::Kind::kAlways) return;
  PartsCheck(facts, known, modifiers, findings).Run(condition);
}

}  // namespace stagecraft::sema
