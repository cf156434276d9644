// One comparison: the operator and the right side against the type of the left side.
#ifndef STAGECRAFT_DSL_SEMA_COMPARISON_H_
#define STAGECRAFT_DSL_SEMA_COMPARISON_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/sema/names.h"

namespace stagecraft::sema {

class ComparisonChecker {
 public:
  // `left` is the value that comparison.left names.
  ComparisonChecker(Names& names, const syntax::Comparison& comparison, const Reference& left, const Scope& scope)
      : names_(names), comparison_(comparison), scope_(scope), left_(left), left_name_(Written(TermsOf(comparison.left))) {}

  // Nothing when an error was reported.
  std::optional<Condition> Check();

 private:
  std::optional<Condition> CheckOption();
  std::optional<Condition> CheckTruth();
  std::optional<Condition> CheckNumber();
  std::optional<Condition> CheckText();
  std::optional<Condition> CheckDate();

  // The comparison by order of `left_` with what `read` makes of the operand: number, date.
  template <typename ReadTerm>
  std::optional<Condition> CheckOrder(ReadTerm read);
  std::optional<Condition> Ordered(Relation relation, std::optional<std::int64_t> number) const;
  using ReadPhrase = std::function<std::optional<Condition>(const syntax::Phrase& phrase)>;
  std::optional<Condition> AnyOfPhrases(const ReadPhrase& read);

  // By option: whether it is among those that the right side names, or stands in this relation to the one it names.
  std::optional<std::vector<bool>> NamedOptions();
  std::optional<std::vector<bool>> OptionsInOrder(Relation relation);
  std::optional<std::int64_t> ReadNumber(const syntax::Term& term);
  std::optional<std::int64_t> ReadDate(const syntax::Term& term);
  std::optional<Condition> TextOrder(const syntax::Phrase& phrase);
  std::optional<Condition> IsMe(const syntax::Phrase& phrase);
  std::optional<Condition> InTeam(const syntax::Phrase& phrase);
  std::optional<Condition> Matches(const syntax::Phrase& phrase);
  // Equal to a text, or to a user.
  std::optional<Condition> IsText(const syntax::Phrase& phrase);
  std::optional<Condition> ReadText(const syntax::Phrase& phrase, TextRelation relation);

  const OptionSet& Options() const;
  Condition Base(Condition::Kind kind) const;
  // `is not`, `not in`.
  bool IsNegated() const;
  // What these mean: set, and differs (two-valued logic).
  Condition SetAndNot(Condition condition) const;
  // "`budget` is an amount of money".
  std::string LeftIs() const;
  std::nullopt_t ReportOperator(std::string_view expected);
  std::nullopt_t ReportOperand(Span span, std::string_view found);
  bool OfferOtherWords(Diagnostic& diagnostic) const;
  void HelpWithText(Terms terms, Diagnostic& diagnostic) const;

  Names& names_;
  const syntax::Comparison& comparison_;
  const Scope& scope_;
  Reference left_;
  std::string left_name_;
  bool by_day_ = false;  // a moment, of which the date is compared
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_COMPARISON_H_
