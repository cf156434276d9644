// Conditions: names to references, operands to values of the type that the left side has.
#ifndef STAGECRAFT_DSL_SEMA_CONDITIONS_H_
#define STAGECRAFT_DSL_SEMA_CONDITIONS_H_

#include <optional>

#include "dsl/sema/events.h"
#include "dsl/sema/names.h"

namespace stagecraft::sema {

class ConditionChecker {
 public:
  explicit ConditionChecker(Names& names) : names_(names), events_(names, *this) {}

  // Never() in place of every part that has an error.
  Condition Check(const syntax::Condition& condition, const Scope& scope);
  // As Check, for the condition of a `when` trigger: its outermost comparison may be `reaches`.
  Condition CheckTrigger(const syntax::Condition& condition, const Scope& scope);

  EventResolver& events() { return events_; }

 private:
  Condition CheckBare(const syntax::BareCondition& bare, const Scope& scope);
  Condition CheckNode(const syntax::Condition& condition, const Scope& scope);
  Condition CheckSeen(const syntax::BareCondition& bare, const Scope& scope);
  // A date or moment that lies within the last or the next so many days.
  Condition CheckWindow(const syntax::BareCondition& bare, const Reference& moment);
  void ReportSideNotSaid(const syntax::BareCondition& bare);
  bool ReportTimedState(Terms terms);
  bool ReportMissingOperator(Terms terms);
  bool ReportBetween(const syntax::Condition& one, const syntax::Condition& other);
  void OfferList(const syntax::Condition& one, const syntax::Condition& other, Diagnostic& diagnostic);
  Condition CheckState(Terms terms, const State& state);
  Condition CheckNamed(const syntax::BareCondition& bare, const Scope& scope);
  Condition CheckComparison(const syntax::Comparison& comparison, const Scope& scope);
  void ReportBareState(Terms terms, const State& state);
  Condition ReportUnknown(Terms terms, const Scope& scope);

  Names& names_;
  EventResolver events_;
};

// Membership of a list, as a condition.
Condition InList(const ListSymbol& list, std::vector<Symbol>* reads);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CONDITIONS_H_
