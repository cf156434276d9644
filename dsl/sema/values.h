// Values that actions write: constants, copies, texts, and what is reckoned from them.
//
// What fits: numbers and money go into each other; texts and users too; a moment gives a date its day; a text takes anything, as `{…}`
// shows it. Options are set by name only.
#ifndef STAGECRAFT_DSL_SEMA_VALUES_H_
#define STAGECRAFT_DSL_SEMA_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/context.h"

namespace stagecraft::sema {

class ValueChecker {
 public:
  ValueChecker(const Context& context, const Scope& scope) : context_(context), scope_(scope), names_(context.names) {}

  // The value of `terms` and what is reckoned with it, for `target`. Nothing when an error was reported.
  std::optional<Value> Check(const PropertySymbol& target, Terms terms, const std::vector<syntax::ArithmeticStep>& rest = {});
  // What `terms` name, copied to `target`.
  std::optional<Value> Copy(const PropertySymbol& target, Terms terms);
  // `target`, more by `terms` or less: a number that is not set counts as 0, a date moves by a duration.
  std::optional<Value> Changed(const PropertySymbol& target, const Reference& itself, Terms terms, bool subtract);
  // An amount of money.
  std::optional<Value> Amount(Terms terms);

 private:
  using Step = Computation::Step;
  using Op = Computation::Op;
  // What has been reckoned so far, in postfix order.
  struct Part {
    Type type = Type::kNumber;
    std::vector<Step> steps;
    Span span;
    std::string shown;
  };

  std::optional<Value> CheckAlone(const PropertySymbol& target, Terms terms);
  bool CheckUserText(const PropertySymbol& target, const syntax::Term& term, const Text& text);
  std::optional<Value> Constant(const PropertySymbol& target, Terms terms) const;
  std::optional<Value> Fit(const PropertySymbol& target, Reference from) const;
  std::optional<Value> Reckon(const PropertySymbol& target, Terms terms, const std::vector<syntax::ArithmeticStep>& rest);
  std::optional<Value> Finish(const PropertySymbol& target, Part part);

  std::optional<Part> Operand(Terms terms, Type wanted);
  std::optional<Part> Combine(Part left, const syntax::ArithmeticStep& step, Part right);
  std::optional<Part> Shifted(Part left, const syntax::ArithmeticStep& step, const syntax::Duration& duration);
  std::optional<Part> Apply(Part left, const syntax::ArithmeticStep& step, Type wanted);
  // `today` and `now`, where nothing has that name.
  std::optional<Op> Clock(Terms terms) const;
  // Adds to the finding just reported what may be meant instead of `terms`.
  void HelpWithValue(const PropertySymbol& target, Terms terms);
  std::nullopt_t ReportTarget(const PropertySymbol& target, Span span, const std::string& shown);
  std::nullopt_t ReportArithmetic(const Part& left, const syntax::ArithmeticStep& step, const std::string& right, std::string help);

  const Context& context_;
  const Scope& scope_;
  Names& names_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_VALUES_H_
