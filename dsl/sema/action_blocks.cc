// Actions that hold others: wait, if, split.
#include <utility>

#include "dsl/sema/days.h"
#include "dsl/sema/rules.h"

namespace stagecraft::sema {
namespace {

constexpr std::int64_t kHundredPercent = 100'000'000;  // in millionths
constexpr std::int64_t kShareScale = 100;              // of a percentage in millionths to millionths of the whole

bool HasWaited(const Scope& before, const Scope& after) { return before.in_rule != after.in_rule; }

std::string PercentText(std::int64_t millionths) {
  std::string digits = std::to_string(millionths % 1'000'000 + 1'000'000).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return std::to_string(millionths / 1'000'000) + (digits.empty() ? "" : "." + digits) + "%";
}

}  // namespace

using Node = ActionChecker::Node;

// A run keeps the fields of the event that began it; what was before that event it does not.
void ActionChecker::PassWait() { scope_.in_rule = false; }

// True, and reported, where a phrase before a time of day names nothing: a day of the week, or a date, was meant.
bool ActionChecker::IsNowhereKnown(Terms terms) {
  if (context_.conditions.events().IsEvent(terms) || names_.LongestValue(terms).has_value()) return false;
  std::vector<std::string> candidates = names_.vocabulary().PropertyNames();
  candidates.insert(candidates.end(), DayNames().begin(), DayNames().end());
  const std::string written = Written(terms);
  names_.reporter().ReportUnknown(Code::kUnknownName, SpanOf(terms), written, "there is no day of the week and no date " + Tick(written),
                                  "not a known name", candidates);
  return true;
}

// False when an error was reported.
bool ActionChecker::CheckWaitUntil(const syntax::WaitAction& node, Wait& wait) {
  const auto* bare = std::get_if<syntax::BareCondition>(&node.until->node);
  const bool plain = bare != nullptr && bare->with == nullptr && !bare->within.has_value() && !bare->since.has_value();
  if (plain && !node.since.has_value() && !context_.conditions.events().IsEvent(TermsOf(bare->phrase))) {
    const std::optional<Reference> moment = names_.FindReference(TermsOf(bare->phrase), scope_);
    if (moment.has_value() && (moment->type == Type::kDate || moment->type == Type::kTime)) {
      wait.kind = Wait::Kind::kMoment;
      wait.moment = *moment;
      if (node.at.has_value()) wait.minute = MinuteOf(*node.at);
      return true;
    }
  }
  if (node.at.has_value()) {
    if (plain && IsNowhereKnown(TermsOf(bare->phrase))) return false;
    names_.reporter().Report(Code::kMisplaced, node.at->span, "a time of day belongs to a date or a day of the week", "only after a date");
    return false;
  }
  std::optional<Reference> since;
  if (node.since.has_value()) {
    since = names_.ResolveSince(TermsOf(*node.since));
    if (!since.has_value()) return false;
  }
  Scope scope = scope_;
  if (scope.event.has_value()) scope.past_event = scope.event;
  scope.event.reset();
  scope.in_rule = false;
  scope.in_run = true;
  scope.since = since.has_value() ? &*since : nullptr;
  wait.kind = Wait::Kind::kCondition;
  wait.condition = context_.conditions.Check(*node.until, scope);
  return true;
}

std::optional<Node> ActionChecker::operator()(const syntax::WaitAction& node) {
  bool ok = true;
  Wait wait;
  if (node.until != nullptr) {
    ok = CheckWaitUntil(node, wait);
  } else if (node.days.has_value()) {
    const std::optional<Recurrence> recurrence = ReadRecurrence(*node.days, node.at, names_.reporter());
    ok = recurrence.has_value();
    wait.kind = Wait::Kind::kRecurrence;
    wait.recurrence = recurrence.value_or(Recurrence{});
  } else {
    wait.duration = OptionalDuration(node.duration, ok).value_or(Duration{});
  }
  wait.at_most = OptionalDuration(node.at_most, ok);
  PassWait();
  if (node.otherwise.has_value()) {
    wait.otherwise = Check(node.otherwise->actions);
    wait.otherwise_span = node.otherwise->span;
    if (!node.at_most.has_value()) {
      names_.reporter()
          .Report(Code::kMisplaced, node.otherwise->span, "this wait has no end that could be missed, so `otherwise` is never reached",
                  "never reached")
          .help.emplace_back("say how long to wait: `wait until … for at most 3 days otherwise …`");
      return std::nullopt;
    }
  }
  if (!ok) return std::nullopt;
  return wait;
}

std::optional<Node> ActionChecker::operator()(const syntax::IfAction& node) {
  If result;
  const Scope before = scope_;
  Scope after = scope_;
  const auto leave_branch = [&] {
    // One branch that waits is enough for what comes after.
    if (HasWaited(before, scope_)) after = scope_;
    scope_ = before;
  };
  for (const syntax::IfAction::Branch& branch : node.branches) {
    If::Branch checked;
    checked.condition = context_.conditions.Check(*branch.condition, scope_);
    checked.actions = Check(branch.actions);
    checked.span = branch.span;
    result.branches.push_back(std::move(checked));
    leave_branch();
  }
  if (node.otherwise.has_value()) {
    result.otherwise = Check(*node.otherwise);
    result.else_span = node.else_span;
    leave_branch();
  }
  scope_ = after;
  return result;
}

std::optional<Node> ActionChecker::operator()(const syntax::SplitAction& node) {
  Split split;
  std::int64_t sum = 0;
  bool ok = true;
  const Scope before = scope_;
  Scope after = scope_;
  for (const syntax::SplitAction::Part& part : node.parts) {
    Split::Part checked;
    checked.span = part.percent.span;
    checked.share = part.percent.number / kShareScale;
    sum += part.percent.number;
    if (part.percent.number <= 0 || part.percent.number > kHundredPercent) {
      names_.reporter().Report(Code::kOutOfRange, part.percent.span, "a part of a split is more than 0% and 100% at most", "no such part");
      ok = false;
    }
    checked.actions = Check(part.actions);
    split.parts.push_back(std::move(checked));
    if (HasWaited(before, scope_)) after = scope_;
    scope_ = before;
  }
  scope_ = after;
  if (ok && sum != kHundredPercent) {
    names_.reporter()
        .Report(Code::kSplitNotWhole, node.parts.front().percent.span,
                "the parts of this split are " + PercentText(sum) + " together, not 100%", "does not add up")
        .help.emplace_back("give the rest a part of its own, even if it does little");
    return std::nullopt;
  }
  if (!ok) return std::nullopt;
  return split;
}

}  // namespace stagecraft::sema
