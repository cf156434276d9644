#include <algorithm>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/moves.h"
#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema::lint {

namespace {

const Write* EarlierOf(const Facts& facts, const Write& write) {
  return write.earlier.has_value() && write.earlier_sure ? &facts.rules()[write.rule].writes[*write.earlier] : nullptr;
}

// A rule that sets a property has it for the round (E3), also when it sets what is there already.
bool OnlyWriter(const Facts& facts, const Write& write) {
  return std::all_of(facts.rules().begin(), facts.rules().end(), [&](const RuleFacts& rule) {
    return rule.rule == facts.rules()[write.rule].rule ||
           std::none_of(rule.writes.begin(), rule.writes.end(), [&](const Write& other) { return other.property == write.property; });
  });
}

// Offers to take out the action that makes the write. `keeps`: that does not change what the script does.
void OfferWithout(const Facts& facts, const Write& write, bool keeps, const Findings& findings, Diagnostic& found) {
  const Rule& rule = *facts.rules()[write.rule].rule;
  const ActionPlace place = PlaceOfAction(rule, write.span);
  if (place.block == nullptr || place.block->size() == 1) return;
  found.fixes.push_back(findings.mender().TakeOutAction(place.action().span, "take it out"));
  found.fixes.back().safe = found.fixes.back().safe && keeps && !PlacesMatter(rule);
}

// True where the two actions stand next to each other.
bool Adjacent(const Facts& facts, const Write& earlier, const Write& later) {
  const Rule& rule = *facts.rules()[later.rule].rule;
  const ActionPlace first = PlaceOfAction(rule, earlier.span);
  const ActionPlace second = PlaceOfAction(rule, later.span);
  return first.block != nullptr && first.block == second.block && first.index + 1 == second.index;
}

// True where a value of the property decides whether the next may be set (E9).
bool OrderMatters(const PropertySymbol& property) {
  return property.forward_only || std::any_of(property.options.options.begin(), property.options.options.end(),
                                              [](const OptionSymbol& option) { return option.forward_only; });
}

bool ReadsProperty(const Reference& reference, Symbol property) {
  switch (reference.space) {
    case Reference::Space::kProperty:
    case Reference::Space::kEntered:
      return reference.symbol == property;
    case Reference::Space::kPrevious:
    case Reference::Space::kField:
      return false;
    case Reference::Space::kDerived:
    case Reference::Space::kFact:
      break;
  }
  return true;  // made of properties, maybe of this one
}

bool ReadsProperty(const Text& text, Symbol property) {
  return std::any_of(text.begin(), text.end(),
                     [&](const TextPart& part) { return part.reference.has_value() && ReadsProperty(*part.reference, property); });
}

bool ReadsProperty(const Recipient& recipient, Symbol property) {
  const bool named = recipient.kind == Recipient::Kind::kProperty || recipient.kind == Recipient::Kind::kManagerOfProperty;
  return named && recipient.symbol == property;
}

bool ReadsProperty(const Value& value, Symbol property) {
  if (const auto* reference = std::get_if<Reference>(&value)) return ReadsProperty(*reference, property);
  if (const auto* text = std::get_if<Text>(&value)) return ReadsProperty(*text, property);
  const auto* computed = std::get_if<Computation>(&value);
  return computed != nullptr && std::any_of(computed->steps.begin(), computed->steps.end(), [&](const Computation::Step& step) {
           const bool reads = step.op == Computation::Op::kReference;
           return reads && ReadsProperty(step.reference, property);
         });
}

// True where the value of the property may show in what the action itself does; not for those inside it.
bool MayRead(const Facts& facts, const Action& action, Symbol property) {
  if (const auto* set = std::get_if<SetValue>(&action.node)) {
    return (set->append && set->property == property) || ReadsProperty(set->value, property) ||
           (set->because.has_value() && ReadsProperty(*set->because, property));
  }
  if (const auto* notify = std::get_if<Notify>(&action.node)) {
    return ReadsProperty(notify->recipient, property) || (notify->text.has_value() && ReadsProperty(*notify->text, property));
  }
  if (const auto* task = std::get_if<CreateTask>(&action.node)) {
    return ReadsProperty(task->title, property) || (task->assignee.has_value() && ReadsProperty(*task->assignee, property));
  }
  if (const auto* branches = std::get_if<If>(&action.node)) {
    return std::any_of(branches->branches.begin(), branches->branches.end(),
                       [&](const If::Branch& branch) { return facts.Mentions(branch.condition, property); });
  }
  const bool silent = std::holds_alternative<ClearValue>(action.node) || std::holds_alternative<AssignRotation>(action.node) ||
                      std::holds_alternative<Split>(action.node);
  return !silent;  // mails, webhooks, deals and sequences take what they need
}

// True where an action behind the first write and up to the second, that one's `because` included, may read the value.
bool SeenBetween(const Facts& facts, const Write& earlier, const Write& later) {
  bool seen = false;
  ForEachAction(*facts.rules()[later.rule].rule, [&](const Action& action) {
    const bool between = action.span.begin >= earlier.span.end && action.span.begin <= later.span.begin;
    seen = seen || (between && MayRead(facts, action, later.property));
  });
  return seen;
}

// True where all who get the first value get the second one too: no part of a split stands between.
bool InSamePart(const Write& earlier, const Write& later) { return !later.in_split || (earlier.in_split && earlier.part == later.part); }

}  // namespace

void WritesOfSameValue(const Facts& facts, Findings& findings) {
  for (const RuleFacts& rule : facts.rules()) {
    for (const Write& write : rule.writes) {
      if (write.kind != Write::Kind::kConstant || write.earlier.has_value() || !facts.SaysSomething(write)) continue;
      const Known known = KnownAt(facts, write);
      const bool same = std::all_of(known.begin(), known.end(), [&](Query query) {
        query.pins.push_back(
            {Guards::Of(write.property), IntervalSet::Between(write.constant, write.constant).Complement(), std::nullopt, true, true});
        return facts.guards().Impossible(query);
      });
      if (!same) continue;
      Diagnostic* found =
          findings.Report(Code::kSameValueSet, write.span,
                          findings.PropertyName(write.property) + " is " + findings.ValueOf(write) + " here already", "changes nothing");
      if (found != nullptr) OfferWithout(facts, write, OnlyWriter(facts, write), findings, *found);
    }
  }
}

void LostWrites(const Facts& facts, Findings& findings) {
  for (const RuleFacts& rule : facts.rules()) {
    for (const Write& write : rule.writes) {
      const Write* earlier = EarlierOf(facts, write);
      if (earlier == nullptr || !write.first || earlier->kind == Write::Kind::kClear || write.kind == Write::Kind::kComputed) continue;
      if (earlier->path.size() != write.path.size() || (write.set != nullptr && write.set->append)) continue;
      // Where the order of values counts, the first may decide whether the second is refused (E9).
      const bool never_refused = write.kind == Write::Kind::kClear || (write.set != nullptr && write.set->back_to);
      if (!never_refused && OrderMatters(facts.vocabulary().property(write.property))) continue;
      if (!InSamePart(*earlier, write) || SeenBetween(facts, *earlier, write)) continue;
      const std::string again = write.kind == Write::Kind::kClear ? "cleared" : "set again";
      Diagnostic* found = findings.Report(
          Code::kLostWrite, earlier->span,
          findings.PropertyName(write.property) + " is " + again + " in the same rule: nobody sees this value", "has no effect");
      if (found == nullptr) continue;
      findings.Note(*found, write.span, again + " here");
      // A rotation has gone on to the next member.
      const bool keeps = Adjacent(facts, *earlier, write) && earlier->kind != Write::Kind::kRotation;
      OfferWithout(facts, *earlier, keeps, findings, *found);
    }
  }
}

void ClearedAndSet(const Facts& facts, Findings& findings) {
  for (const RuleFacts& rule : facts.rules()) {
    for (const Write& write : rule.writes) {
      const Write* earlier = EarlierOf(facts, write);
      if (earlier == nullptr || !write.first || earlier->kind != Write::Kind::kClear || write.kind != Write::Kind::kConstant) continue;
      if (write.set == nullptr || write.set->back_to || !facts.vocabulary().property(write.property).forward_only) continue;
      const std::string back = "back to " + findings.ValueOf(write.property, write.constant);
      Diagnostic* found =
          findings.Report(Code::kClearedAndSet, earlier->span, "clearing first is not needed: `back to` says what is meant", "not needed");
      if (found == nullptr) continue;
      found->help.push_back("write " + Tick("set " + facts.vocabulary().property(write.property).name + " " + back) +
                            " and leave the `clear` out");
      findings.Note(*found, write.span, "set here");
      if (!Adjacent(facts, *earlier, write)) continue;
      OfferWithout(facts, *earlier, OnlyWriter(facts, write), findings, *found);
      const Span value = write.set->value_span;
      if (!found->fixes.empty()) {
        found->fixes.back().edits.push_back({{value.source, value.begin, value.begin}, "back to "});
        found->fixes.back().title = "say `back to`";
      }
    }
  }
}

}  // namespace stagecraft::sema::lint
