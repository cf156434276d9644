#include "dsl/sema/analysis/reach.h"

#include <algorithm>
#include <utility>

#include "dsl/sema/analysis/parts.h"
#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema {

bool NeverHolds(const Facts& facts, const Known& known, const std::vector<Goal>& goals) {
  return std::all_of(known.begin(), known.end(), [&](const Query& way) {
    Query query = way;
    query.goals.insert(query.goals.end(), goals.begin(), goals.end());
    return facts.guards().Impossible(query);
  });
}

Known FiringOf(const Facts& facts, const Rule& rule, bool with_guard) {
  Known known;
  for (std::size_t match = 0; match < MatchesOf(rule.trigger); ++match) {
    Query query;
    facts.AddTrigger(rule.trigger, match, {}, query);
    if (with_guard && rule.guard.kind != Condition::Kind::kAlways) query.goals.push_back({&rule.guard, true, nullptr});
    // A rule does not begin where it would end at once.
    if (with_guard && rule.until.has_value()) query.goals.push_back({&*rule.until, false, nullptr});
    known.push_back(std::move(query));
  }
  return known;
}

namespace {

// The first part of `condition` after which nothing is left of `known`; nullptr when all of them can hold.
const Condition* Culprit(const Facts& facts, const Known& known, const Condition& condition) {
  std::vector<Goal> goals;
  for (const Condition* part : ConjunctsOf(condition)) {
    goals.push_back({part, true, nullptr});
    if (NeverHolds(facts, known, goals)) return part;
  }
  return nullptr;
}

Query Alone(const Condition& condition) {
  Query query;
  query.goals.push_back({&condition, true, nullptr});
  return query;
}

bool ReportEmptyList(const Facts& facts, const Rule& rule) {
  // The list itself is reported; its rules are not its fault.
  if (rule.trigger.kind != Trigger::Kind::kRises && rule.trigger.kind != Trigger::Kind::kSchedule) return false;
  const bool derived = rule.trigger.kind == Trigger::Kind::kRises ||
                       (!rule.trigger.on_everybody && !facts.vocabulary().lists()[rule.trigger.symbol].by_hand);
  return derived;
}

class RuleReach {
 public:
  RuleReach(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings) {}

  void Check(const Rule& rule) {
    const bool plain = rule.guard.kind == Condition::Kind::kAlways && rule.trigger.condition.kind == Condition::Kind::kAlways &&
                       rule.trigger.kind != Trigger::Kind::kRises;
    const bool looks =
        !plain && (rule.trigger.condition.kind != Condition::Kind::kAlways || DecidesSomething(facts_, rule.trigger, rule.guard));
    if ((looks || rule.until.has_value()) && NeverFires(rule)) return;
    if (rule.trigger.kind == Trigger::Kind::kTurnsTrue) CheckParts(facts_, {Query{}}, rule.trigger.condition, findings_);
    if (looks && rule.guard.kind != Condition::Kind::kAlways) {
      CheckParts(facts_, FiringOf(facts_, rule, false), rule.guard, findings_, rule.trigger.span.end);
    }
    if (rule.until.has_value()) CheckEnd(rule);
    known_ = rule.kind == Rule::Kind::kSla ? Known{Query{}} : Known{};
    rule_ = &rule;
    lost_ = rule.kind == Rule::Kind::kSla;
    CheckBlock(rule.actions, {});
    lost_ = true;
    CheckBlock(rule.finally, {});
  }

 private:
  bool NeverFires(const Rule& rule) {
    if (!NeverHolds(facts_, FiringOf(facts_, rule, true), {})) return false;
    const Known trigger = FiringOf(facts_, rule, false);
    if (NeverHolds(facts_, trigger, {})) {
      if (ReportEmptyList(facts_, rule)) return true;
      const Span span = IsWritten(rule.trigger.span) ? rule.trigger.span : rule.span;
      OfferRemoval(findings_.Report(Code::kNeverFires, span, "this rule can never fire: nothing makes its trigger true", "never true"),
                   rule);
      return true;
    }
    const Condition* culprit = Culprit(facts_, trigger, rule.guard);
    if (culprit == nullptr) return ReportEndedAtOnce(rule);
    const Span span = IsWritten(culprit->span) ? culprit->span : Findings::PlaceOf(rule);
    Diagnostic* found = findings_.Report(
        Code::kNeverFires, span, "this rule can never fire: " + Tick(findings_.TextAt(span)) + " contradicts what holds when it gets here",
        "never true here");
    if (found != nullptr && IsWritten(rule.trigger.span)) findings_.Note(*found, rule.trigger.span, "it fires on this");
    OfferRemoval(found, rule);
    return true;
  }

  // A rule that never fires was meant to: somebody has to say that it was not.
  void OfferRemoval(Diagnostic* found, const Rule& rule) const {
    if (found == nullptr || !IsWritten(rule.span)) return;
    found->fixes.push_back(findings_.mender().TakeOutSentence(rule.span, "take the rule out"));
    found->fixes.back().safe = false;
  }

  // What ends the rule holds whenever it would begin.
  bool ReportEndedAtOnce(const Rule& rule) {
    if (!rule.until.has_value() || !IsWritten(rule.until->span)) return false;
    Diagnostic* found = findings_.Report(
        Code::kNeverFires, rule.until->span,
        "this rule can never fire: " + Tick(findings_.TextAt(rule.until->span)) + " ends it wherever it could begin", "always true here");
    if (found != nullptr && IsWritten(rule.trigger.span)) findings_.Note(*found, rule.trigger.span, "it fires on this");
    return true;
  }

  void CheckEnd(const Rule& rule) {
    const Condition& until = *rule.until;
    if (!facts_.guards().Impossible(Alone(until))) return;
    if (!IsWritten(until.span)) return;
    Diagnostic* found = findings_.Report(Code::kNeverTrueHere, until.span,
                                         Tick(findings_.TextAt(until.span)) + " is never true, so this ends nothing", "never true");
    if (found == nullptr) return;
    std::optional<Fix> fix = findings_.mender().TakeOutClause(until.span, "until", {}, rule.trigger.span.end, "leave it out");
    if (!fix.has_value()) fix = findings_.mender().TakeOutClause(until.span, "when", "stop", rule.span.begin, "leave it out");
    if (fix.has_value()) found->fixes.push_back(std::move(*fix));
  }

  const Known& KnownHere() {
    if (known_.empty()) known_ = lost_ ? Known{Query{}} : FiringOf(facts_, *rule_, true);
    return known_;
  }
  void Lose() {
    lost_ = true;
    known_.clear();
    ++waits_;
  }

  void CheckBlock(const Block& block, const std::vector<Goal>& path) {
    std::vector<Goal> here = path;
    for (const Action& action : block) {
      const int waits = waits_;
      if (const auto* wait = std::get_if<Wait>(&action.node)) {
        Lose();
        if (wait->otherwise.has_value()) CheckBlock(*wait->otherwise, {});
      } else if (const auto* branches = std::get_if<If>(&action.node)) {
        CheckIf(action, *branches, block.size() == 1, here);
      } else if (const auto* split = std::get_if<Split>(&action.node)) {
        for (const Split::Part& part : split->parts) CheckBranch(part.actions, here, lost_);
      }
      // What a wait inside a branch has made unknown stays unknown behind it.
      if (waits_ == waits) continue;
      here.clear();
      lost_ = true;
      known_.clear();
    }
  }

  // A branch begins with what was known before all of them.
  void CheckBranch(const Block& actions, const std::vector<Goal>& path, bool lost) {
    lost_ = lost;
    known_.clear();
    CheckBlock(actions, path);
    lost_ = lost;
    known_.clear();
  }

  // `alone`: there is no other action in its block.
  void CheckIf(const Action& action, const If& node, bool alone, const std::vector<Goal>& path) {
    const Known known = KnownHere();
    const bool lost = lost_;
    std::vector<Goal> others = path;
    bool exhausted = false;
    if (node.branches.size() > kBranchesMax) {
      findings_.GiveUp("branches");
      for (const If::Branch& branch : node.branches) CheckBranch(branch.actions, path, lost);
      CheckBranch(node.otherwise, path, lost);
      return;
    }
    for (std::size_t i = 0; i < node.branches.size(); ++i) {
      const If::Branch& branch = node.branches[i];
      std::vector<Goal> goals = others;
      goals.push_back({&branch.condition, true, nullptr});
      if (exhausted || NeverHolds(facts_, known, goals)) {
        Diagnostic* found = ReportBranch(IsWritten(branch.condition.span) ? branch.condition.span : branch.span, !exhausted);
        if (found != nullptr) OfferWithoutBranch(*found, action, node, i, alone);
      } else {
        CheckBranch(branch.actions, goals, lost);
      }
      others.push_back({&branch.condition, false, nullptr});
      exhausted = exhausted || NeverHolds(facts_, known, others);
    }
    if (node.otherwise.empty()) return;
    if (exhausted) {
      Diagnostic* found = ReportBranch(IsWritten(node.else_span) ? node.else_span : node.otherwise.front().span, false);
      if (found != nullptr) OfferWithoutBranch(*found, action, node, node.branches.size(), alone);
    } else {
      CheckBranch(node.otherwise, others, lost);
    }
  }

  Diagnostic* ReportBranch(Span span, bool own) {
    return findings_.Report(Code::kUnreachableBranch, span,
                            own ? "this branch is never taken: its condition is never true here"
                                : "this branch is never taken: those before it cover everything",
                            "never reached");
  }

  // Offers `action`, an `if`, without the branch with that number; the last number is that of `else`.
  void OfferWithoutBranch(Diagnostic& found, const Action& action, const If& node, std::size_t number, bool alone) const {
    if (std::optional<Fix> fix = WithoutBranch(action, node, number, alone); fix.has_value()) {
      fix->safe = fix->safe && !PlacesMatter(*rule_);
      found.fixes.push_back(std::move(*fix));
    }
  }

  std::optional<Fix> WithoutBranch(const Action& action, const If& node, std::size_t number, bool alone) const {
    constexpr std::uint32_t kEndBytes = 3;  // `end`
    const Mender& mender = findings_.mender();
    const std::string title = "take the branch out";
    const auto begin_of = [&](std::size_t branch) {
      if (branch < node.branches.size()) return node.branches[branch].span.begin;
      return branch == node.branches.size() && IsWritten(node.else_span) ? node.else_span.begin : action.span.end - kEndBytes;
    };
    const Span branch{action.span.source, begin_of(number), begin_of(number + 1)};
    if (number > 0) return mender.Of({{branch, ""}}, title);
    if (node.branches.size() > 1) {
      // What was `else if` is the first `if` now.
      const std::vector<syntax::Token> words = mender.TokensIn(node.branches[1].span);
      const auto word = std::find_if(words.begin(), words.end(), [&](const syntax::Token& token) {
        return mender.TextAt(Mender::SpanOf(branch.source, token)) == "if";
      });
      if (word == words.end()) return std::nullopt;
      return mender.Of({{{branch.source, branch.begin, static_cast<std::uint32_t>(word->begin)}, ""}}, title);
    }
    if (!node.otherwise.empty()) {
      const Span kept{action.span.source, node.otherwise.front().span.begin, node.otherwise.back().span.end};
      return mender.KeepOnly(action.span, kept, "keep what stands behind `else`");
    }
    if (alone) return std::nullopt;
    return mender.TakeOutAction(action.span, "take the `if` out");
  }

  static constexpr std::size_t kBranchesMax = 64;  // more are not compared with each other

  const Facts& facts_;
  Findings& findings_;
  const Rule* rule_ = nullptr;
  Known known_;        // of rule_, made when it is needed
  bool lost_ = false;  // a wait has passed: trigger and guard may no longer hold
  int waits_ = 0;
};

// ---- what is kept up to date ------------------------------------------------------------------------------------

// SC0415: a score compared with what it cannot be. True when something was found.
bool CheckScores(const Facts& facts, const Condition& condition, Findings& findings) {
  bool found = false;
  for (const Condition& operand : condition.operands) found = CheckScores(facts, operand, findings) || found;
  if (condition.kind != Condition::Kind::kCompare || condition.reference.space != Reference::Space::kDerived) return found;
  const Symbol symbol = condition.reference.symbol;
  const DerivedSymbol& score = facts.vocabulary().derived()[symbol];
  if (score.kind != DerivedKind::kScore || !IsWritten(condition.span)) return found;
  const IntervalSet& range = facts.guards().RangeOf(symbol);
  const IntervalSet wanted = IntervalSet::Of(condition.relation, condition.number);
  if (range.Meets(wanted)) return found;
  const std::int64_t highest = range.intervals().back().high;
  const bool above = condition.number > highest || (condition.relation == Relation::kGreater && condition.number == highest);
  const std::int64_t end = above ? highest : range.intervals().front().low;
  Diagnostic* diagnostic = findings.Report(Code::kScoreNotReached, condition.span,
                                           Tick(findings.TextAt(condition.span)) + " is never reached: the lines of " + Tick(score.name) +
                                               " give at " + (above ? "most " : "least ") + std::to_string(end),
                                           "never reached");
  if (diagnostic != nullptr) findings.Note(*diagnostic, score.span, "the lines are here");
  return true;
}

void CheckCondition(const Facts& facts, const Condition& condition, Span place, const std::string& what, Findings& findings) {
  if (CheckScores(facts, condition, findings)) return;
  if (facts.guards().Impossible(Alone(condition))) {
    const Condition* culprit = Culprit(facts, {Query{}}, condition);
    const Span span = culprit != nullptr && IsWritten(culprit->span) ? culprit->span : place;
    findings.Report(Code::kNobodyMatches, span, what, "never true");
    return;
  }
  CheckParts(facts, {Query{}}, condition, findings);
}

}  // namespace

void CheckRulesReach(const Facts& facts, Findings& findings) {
  RuleReach reach(facts, findings);
  for (const Rule& rule : facts.script().rules) reach.Check(rule);
}

void CheckDerivedReach(const Facts& facts, Findings& findings) {
  const CheckedScript& script = facts.script();
  for (Symbol symbol = 0; symbol < script.derived.size(); ++symbol) {
    const DerivedSymbol& derived = script.vocabulary.derived()[symbol];
    const Derived& content = script.derived[symbol];
    if (derived.kind == DerivedKind::kDefinition) {
      CheckCondition(facts, content.condition, derived.span, Tick(derived.name) + " can never be true", findings);
    } else if (derived.kind == DerivedKind::kList) {
      CheckCondition(facts, content.condition, derived.span, "nobody can ever be in the list " + Tick("\"" + derived.name + "\""),
                     findings);
    }
    for (const Criterion& line : content.criteria) {
      if (line.each) continue;
      CheckCondition(facts, line.condition, line.span, "nobody can ever get these points", findings);
    }
  }
  for (const View& view : script.views) {
    CheckCondition(facts, view.condition, view.span, "the view " + Tick("\"" + view.name + "\"") + " is always empty", findings);
  }
}

}  // namespace stagecraft::sema
