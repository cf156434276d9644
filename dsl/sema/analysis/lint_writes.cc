#include <algorithm>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/moves.h"

namespace stagecraft::sema::lint {

namespace {

const Write* EarlierOf(const Facts& facts, const Write& write) {
  return write.earlier.has_value() && write.earlier_sure ? &facts.rules()[write.rule].writes[*write.earlier] : nullptr;
}

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
      findings.Report(Code::kSameValueSet, write.span,
                      findings.PropertyName(write.property) + " is " + findings.ValueOf(write) + " here already", "changes nothing");
    }
  }
}

void LostWrites(const Facts& facts, Findings& findings) {
  for (const RuleFacts& rule : facts.rules()) {
    for (const Write& write : rule.writes) {
      const Write* earlier = EarlierOf(facts, write);
      if (earlier == nullptr || !write.first || earlier->kind == Write::Kind::kClear || write.kind == Write::Kind::kComputed) continue;
      if (earlier->path.size() != write.path.size() || (write.set != nullptr && write.set->append)) continue;
      Diagnostic* found = findings.Report(Code::kLostWrite, earlier->span,
                                          findings.PropertyName(write.property) + " is set again in the same rule: nobody sees this value",
                                          "has no effect");
      if (found != nullptr) findings.Note(*found, write.span, "set again here");
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
    }
  }
}

}  // namespace stagecraft::sema::lint
