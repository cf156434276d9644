#include <algorithm>
#include <string>
#include <unordered_map>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema::lint {

namespace {

constexpr std::size_t kActionsMax = 12;
constexpr int kDepthMax = 3;
constexpr std::int64_t kMicrosPerDay = std::int64_t{86'400} * 1'000'000;
constexpr std::int64_t kDaysPerYear = 366;
constexpr std::string_view kPageViewed = "page viewed";

Span From(Span first, Span last) { return {first.source, first.begin, last.end}; }

// Trigger, all modifiers and actions as written; the name is left out.
std::string_view BodyOf(const Rule& rule, const SourceSet& sources) {
  Span body = rule.span;
  if (IsWritten(rule.name_span)) body.begin = rule.name_span.end;
  const std::string_view text = sources[body.source].At(body);
  return text.substr(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
}

std::string_view BlockText(const Block& block, const SourceSet& sources) {
  if (block.empty()) return {};
  const Span span = From(block.front().span, block.back().span);
  return sources[span.source].At(span);
}

void VisitDepth(const Block& block, int depth, Findings& findings) {
  for (const Action& action : block) {
    const auto* branches = std::get_if<If>(&action.node);
    if (branches == nullptr) continue;
    if (depth == kDepthMax) {
      Diagnostic* found = findings.Report(Code::kDeepBranches, {action.span.source, action.span.begin, action.span.begin + 2},
                                          "an `if` inside " + std::to_string(kDepthMax) + " others is hard to follow", "too deep");
      if (found != nullptr) found->help.emplace_back("name the cases with `define`, or write a rule for each");
      continue;
    }
    for (const If::Branch& branch : branches->branches) VisitDepth(branch.actions, depth + 1, findings);
    VisitDepth(branches->otherwise, depth + 1, findings);
  }
}

bool Waits(const Rule& rule) {
  bool waits = false;
  ForEachAction(rule, [&](const Action& action) { waits = waits || std::holds_alternative<Wait>(action.node); });
  return waits;
}

bool WriteTheSame(const RuleFacts& left, const RuleFacts& right) {
  return std::any_of(left.writes.begin(), left.writes.end(), [&](const Write& one) {
    return std::any_of(right.writes.begin(), right.writes.end(), [&](const Write& other) { return one.property == other.property; });
  });
}

// What tells of a page view, of all of them; every visitor makes dozens.
bool IsEveryPageView(const Trigger& trigger, const Vocabulary& vocabulary) {
  return trigger.kind == Trigger::Kind::kEvent && std::any_of(trigger.events.begin(), trigger.events.end(), [&](const EventMatch& match) {
           const EventSymbol& event = vocabulary.event(match.event);
           return event.standard && event.name == kPageViewed && match.conditions.empty();
         });
}

// Before any wait or branch.
bool TellsPeopleAtOnce(const Rule& rule) {
  for (const Action& action : rule.actions) {
    if (std::holds_alternative<Wait>(action.node)) return false;
    if (std::holds_alternative<Notify>(action.node) || std::holds_alternative<CreateTask>(action.node)) return true;
  }
  return false;
}

}  // namespace

void DuplicateRules(const Facts& facts, Findings& findings) {
  std::unordered_map<std::string_view, const Rule*> seen;
  for (const Rule& rule : facts.script().rules) {
    if (rule.disabled || !IsWritten(rule.trigger.span) || rule.trigger.span.source != rule.span.source) continue;
    const auto [first, added] = seen.emplace(BodyOf(rule, findings.sources()), &rule);
    if (added) continue;
    Diagnostic* found =
        findings.Report(Code::kDuplicateRule, Findings::PlaceOf(rule), "the same rule stands in the script twice", "the second time");
    if (found == nullptr) continue;
    findings.Note(*found, Findings::PlaceOf(*first->second), "the first time");
    OfferUnsafe(*found, findings.mender().TakeOutSentence(rule.span, "take the second one out"));
  }
}

void SameTriggerTwice(const Facts& facts, Findings& findings) {
  const std::vector<Rule>& rules = facts.script().rules;
  for (std::size_t i = 1; i < rules.size(); ++i) {
    const Rule& rule = rules[i];
    const Rule& before = rules[i - 1];
    const bool plain = rule.name.empty() && before.name.empty() && !rule.disabled && !before.disabled && !rule.until.has_value() &&
                       !before.until.has_value() && rule.once == before.once && rule.kind == Rule::Kind::kRule && before.kind == rule.kind;
    if (!plain || rule.text != before.text || rule.span.source != before.span.source || rule.actions.empty()) continue;
    // Merged, one would wait for the other, or overwrite it.
    if (BodyOf(rule, findings.sources()) == BodyOf(before, findings.sources()) || Waits(rule) || Waits(before)) continue;
    if (WriteTheSame(facts.rules()[i - 1], facts.rules()[i])) continue;
    // The dearest question comes last.
    if (CanonicalText(rule.guard, facts.vocabulary()) != CanonicalText(before.guard, facts.vocabulary())) continue;
    Diagnostic* found = findings.Report(Code::kSameTriggerTwice, rule.trigger.span,
                                        "two rules in a row fire on the same thing: one can do both", "as the rule before");
    if (found == nullptr) continue;
    findings.Note(*found, before.trigger.span, "add the actions here");
    const Span action = rule.actions.front().span;
    if (before.span.end > action.begin) continue;
    const std::string moved = "\n  " + std::string(findings.mender().TextAt(action));
    OfferUnsafe(*found, findings.mender().Of({{From({action.source, before.span.end, 0}, action), moved}}, "make one rule of the two"));
  }
}

void LongRules(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    if (rule.kind == Rule::Kind::kSequence || rule.actions.size() <= kActionsMax / 4) continue;
    std::size_t count = 0;
    ForEachAction(rule, [&](const Action&) { ++count; });
    if (count <= kActionsMax) continue;
    Diagnostic* found = findings.Report(
        Code::kLongRule, Findings::PlaceOf(rule),
        findings.NameOf(rule) + " has " + std::to_string(count) + " actions: more than twelve are hard to review", "a long rule");
    if (found != nullptr) found->help.emplace_back("write a rule for each purpose: they fire together, in the order of the script");
  }
}

void DeepBranches(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    VisitDepth(rule.actions, 0, findings);
    VisitDepth(rule.finally, 0, findings);
  }
}

void IdenticalBranches(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    ForEachAction(rule, [&](const Action& action) {
      const auto* node = std::get_if<If>(&action.node);
      if (node == nullptr || node->otherwise.empty()) return;
      const std::string_view last = BlockText(node->otherwise, findings.sources());
      for (const If::Branch& branch : node->branches) {
        if (BlockText(branch.actions, findings.sources()) != last) return;
      }
      Diagnostic* found = findings.Report(Code::kIdenticalBranches, {action.span.source, action.span.begin, action.span.begin + 2},
                                          "all branches of this `if` do the same", "decides nothing");
      if (found == nullptr) return;
      found->help.emplace_back("leave the `if` out, or mend the branch that was copied");
      const Span kept = From(node->otherwise.front().span, node->otherwise.back().span);
      found->fixes.push_back(findings.mender().KeepOnly(action.span, kept, "leave the `if` out"));
      found->fixes.back().safe = found->fixes.back().safe && !PlacesMatter(rule);
    });
  }
}

void WaitsForNothing(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    // A sequence's last wait keeps it open for `stop when`, and `finally` comes behind it.
    if (rule.kind == Rule::Kind::kSequence || rule.actions.empty()) continue;
    const auto* wait = std::get_if<Wait>(&rule.actions.back().node);
    if (wait == nullptr || wait->otherwise.has_value()) continue;
    Diagnostic* found =
        findings.Report(Code::kWaitForNothing, rule.actions.back().span, "nothing comes after this wait", "waits for nothing");
    if (found == nullptr || rule.actions.size() == 1) continue;
    // While it waits the rule does not begin again (E10).
    OfferUnsafe(*found, findings.mender().TakeOutAction(rule.actions.back().span, "take the wait out"));
  }
}

void LongWaits(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    ForEachAction(rule, [&](const Action& action) {
      const auto* wait = std::get_if<Wait>(&action.node);
      if (wait == nullptr || wait->kind != Wait::Kind::kFor) return;
      if (wait->duration.micros <= kDaysPerYear * kMicrosPerDay && wait->duration.months <= 12) return;
      Diagnostic* found = findings.Report(Code::kLongWait, action.span, "a run that waits for more than a year will meet another script",
                                          "more than a year");
      if (found != nullptr) found->help.emplace_back("keep the date in a property, and begin a rule with it: `1 year after DATE`");
    });
  }
}

void SelfStartingSequences(const Facts& facts, Findings& findings) {
  const std::vector<Rule>& rules = facts.script().rules;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].kind != Rule::Kind::kSequence) continue;
    ForEachAction(rules[i], [&](const Action& action) {
      const auto* enrol = std::get_if<Enrol>(&action.node);
      if (enrol == nullptr || enrol->sequence != i) return;
      // One run at a time (E10): only with `every time` another one begins.
      Diagnostic* found =
          findings.Report(Code::kSelfStartingSequence, action.span,
                          findings.NameOf(rules[i]) + " starts itself: " +
                              (rules[i].every_time ? "a contact never gets out of it" : "it is running already, so that this does nothing"),
                          "starts itself");
      if (found == nullptr) return;
      found->help.emplace_back("write the steps once more, or let a rule start it when something has happened");
      const ActionPlace place = PlaceOfAction(rules[i], action.span);
      if (place.block != nullptr && place.block->size() > 1) {
        OfferUnsafe(*found, findings.mender().TakeOutAction(action.span, "let it end"));
      }
    });
  }
}

void SequencesWithoutStop(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    if (rule.kind != Rule::Kind::kSequence || rule.until.has_value()) continue;
    bool waits = false;
    bool sends_later = false;  // what is sent before the first wait goes out at once, answered or not
    ForEachAction(rule, [&](const Action& action) {
      waits = waits || std::holds_alternative<Wait>(action.node);
      sends_later = sends_later || (waits && std::holds_alternative<SendEmail>(action.node));
    });
    if (!sends_later) continue;
    Diagnostic* found = findings.Report(Code::kNoStop, Findings::PlaceOf(rule),
                                        findings.NameOf(rule) + " goes on writing to contacts that have answered", "nothing stops it");
    if (found == nullptr) continue;
    found->help.emplace_back("stop it: `stop when email replied or meeting booked`");
    const Span behind_name{rule.name_span.source, rule.name_span.end, rule.name_span.end};
    if (IsWritten(rule.name_span)) {
      OfferUnsafe(*found,
                  findings.mender().Of({{behind_name, "\n  stop when email replied or meeting booked"}}, "stop it when they answer"));
    }
  }
}

void Floods(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    const bool unbounded = !rule.disabled && rule.kind == Rule::Kind::kRule && rule.once == Rule::Once::kAlways &&
                           rule.guard.kind == Condition::Kind::kAlways && !rule.until.has_value();
    if (!unbounded || !TellsPeopleAtOnce(rule)) continue;
    const bool schedule = rule.trigger.kind == Trigger::Kind::kSchedule && rule.trigger.on_everybody;
    if (!schedule && !IsEveryPageView(rule.trigger, facts.vocabulary())) continue;
    Diagnostic* found = findings.Report(
        Code::kFlood, rule.trigger.span,
        schedule ? "this tells people of every contact there is, each time" : "this tells people of every page that anybody looks at",
        "of everything");
    if (found == nullptr) continue;
    found->help.emplace_back(schedule ? "say of which: `for each contact in LIST`" : "say which, or how often: `at most once per 1 day`");
    if (schedule) continue;
    const Span behind{rule.trigger.span.source, rule.trigger.span.end, rule.trigger.span.end};
    OfferUnsafe(*found, findings.mender().Of({{behind, " at most once per 1 day"}}, "once a day at most"));
  }
}

void EndlessWaits(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    if (rule.until.has_value() || rule.kind == Rule::Kind::kSla) continue;
    ForEachAction(rule, [&](const Action& action) {
      const auto* wait = std::get_if<Wait>(&action.node);
      if (wait == nullptr || wait->kind != Wait::Kind::kCondition || wait->at_most.has_value()) return;
      Diagnostic* found =
          findings.Report(Code::kEndlessWait, action.span, "this waits for ever where it does not come to pass", "may never end");
      if (found != nullptr) found->help.emplace_back("say for how long: `wait until … for at most 30 days`");
    });
  }
}

void SchedulesOffHours(const Facts& facts, Findings& findings) {
  const Calendar& calendar = facts.script().calendar;
  for (const Rule& rule : facts.script().rules) {
    const Recurrence& recurrence = rule.trigger.recurrence;
    if (rule.trigger.kind != Trigger::Kind::kSchedule || rule.disabled) continue;
    bool asks_people = false;
    ForEachAction(rule, [&](const Action& action) {
      asks_people = asks_people || std::holds_alternative<Notify>(action.node) || std::holds_alternative<CreateTask>(action.node);
    });
    if (!asks_people) continue;
    const bool day_off = recurrence.day_of_month == 0 && !recurrence.business_days && (recurrence.days & calendar.business_days) == 0;
    const bool night = recurrence.minute < calendar.business_from_minute || recurrence.minute >= calendar.business_to_minute;
    if (!day_off && !night) continue;
    Diagnostic* found =
        findings.Report(Code::kOffHours, rule.trigger.span, "this asks people to act when nobody works", "outside business hours");
    if (found != nullptr) found->help.emplace_back("the workspace's `business hours` say when people work");
  }
}

}  // namespace stagecraft::sema::lint
