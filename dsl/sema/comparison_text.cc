// Comparisons of texts and of users.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/sema/comparison.h"
#include "dsl/sema/pattern.h"
#include "dsl/sema/wording.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

using syntax::Comparator;
using syntax::Term;

std::optional<Condition> ComparisonChecker::ReadText(const syntax::Phrase& phrase, TextRelation relation) {
  const Term& term = phrase.terms.front();
  if (phrase.terms.size() != 1 || term.kind != Term::Kind::kText) {
    Diagnostic& diagnostic = names_.reporter().Report(Code::kTypeMismatch, phrase.span,
                                                      LeftIs() + " and is compared with a text in quotation marks", "expected a text");
    HelpWithText(TermsOf(phrase), diagnostic);
    return std::nullopt;
  }
  if (term.text.empty() && relation != TextRelation::kMatches) {
    names_.reporter()
        .Report(Code::kEmptyText, term.span, Tick(left_name_) + " is compared with an empty text; a text that is empty is not set",
                "an empty text")
        .help.push_back("ask " + Tick(left_name_ + " is not set") + " or " + Tick(left_name_ + " is set"));
    return std::nullopt;
  }
  const bool one_user = left_.type == Type::kUser && relation == TextRelation::kEqual;
  if (one_user && !names_.CheckUser(term, left_name_, "for whoever is in it: " + Tick(left_name_ + " in \"" + term.text + "\""))) {
    return std::nullopt;
  }
  Condition result = Base(Condition::Kind::kText);
  result.text_relation = relation;
  result.text = FoldCase(term.text);
  return result;
}

// What stands where a text was expected may be many things; a text that lacks its quotation marks is the last of them.
void ComparisonChecker::HelpWithText(Terms terms, Diagnostic& diagnostic) const {
  if (OfferOtherWords(diagnostic)) return;
  const std::string written = Written(terms);
  const Span whole{comparison_.left.span.source, comparison_.left.span.begin, SpanOf(terms).end};
  if (const std::string event = left_name_ + " " + written; names_.vocabulary().FindEvent(FoldCase(event)).has_value()) {
    Offer(diagnostic, whole, event);
  } else if (terms.size() > 1 && IsWord(terms.front(), "in")) {
    Offer(diagnostic, whole, left_name_ + " is \"" + Written(terms.subspan(1)) + "\"");
  } else if (names_.vocabulary().FindValue(Folded(terms)) != nullptr) {
    diagnostic.help.emplace_back("a value is compared with a fixed text, not with another value");
  } else if (left_.type == Type::kUser) {
    const bool is_me = IsWord(terms.front(), "me");
    if (scope_.in_view && is_me) diagnostic.help.push_back("`me` stands alone: " + Tick(left_name_ + " is me"));
    const bool near_me = Nearest(written, std::vector<std::string_view>{"me"}).has_value();
    if (scope_.in_view && near_me && !is_me) Offer(diagnostic, SpanOf(terms), "me");
    diagnostic.help.emplace_back("a user is an e-mail address, such as `\"ana@acme.example\"`");
  } else if (std::none_of(terms.begin(), terms.end(), [](const Term& term) { return term.kind == Term::Kind::kText; })) {
    Offer(diagnostic, SpanOf(terms), "\"" + written + "\"");
  }
}

std::optional<Condition> ComparisonChecker::IsText(const syntax::Phrase& phrase) {
  const bool is_me = left_.type == Type::kUser && phrase.terms.size() == 1 && IsWord(phrase.terms.front(), "me");
  return is_me ? IsMe(phrase) : ReadText(phrase, TextRelation::kEqual);
}

std::optional<Condition> ComparisonChecker::IsMe(const syntax::Phrase& phrase) {
  if (scope_.in_view) return Base(Condition::Kind::kIsMe);
  names_.reporter()
      .Report(Code::kMisplaced, phrase.span, "`me` is whoever looks at a view, and nobody looks here", "only in a view")
      .help.emplace_back("name a user, such as `\"ana@acme.example\"`, or a team after `in`");
  return std::nullopt;
}

std::optional<Condition> ComparisonChecker::InTeam(const syntax::Phrase& phrase) {
  if (left_.type != Type::kUser) return ReportOperator("a list such as `(\"a\", \"b\")` after `in`");
  Condition result = Base(Condition::Kind::kInTeam);
  if (const auto team = names_.vocabulary().FindTeam(Folded(TermsOf(phrase))); team.has_value()) {
    result.team = *team;
    return result;
  }
  if (phrase.terms.size() != 1) return ReportOperator("a team such as `\"Inside Sales\"` after `in`");
  names_.ResolveTeam(phrase.terms.front());
  return std::nullopt;
}

std::optional<Condition> ComparisonChecker::Matches(const syntax::Phrase& phrase) {
  std::optional<Condition> result = ReadText(phrase, TextRelation::kMatches);
  if (!result.has_value()) return std::nullopt;
  const Term& term = phrase.terms.front();
  result->text = term.text;
  const std::string fault = PatternFault(term.text);
  if (fault.empty()) return result;
  // What is left of a text with an unknown escape is no pattern that anybody wrote.
  if (names_.reporter().HasFindingIn(term.span)) return std::nullopt;
  names_.reporter()
      .Report(Code::kInvalidPattern, term.span, "the pattern cannot be read: " + fault, "not a pattern")
      .help.emplace_back("patterns are those of RE2; to look for a plain text use `contains`");
  return std::nullopt;
}

std::optional<Condition> ComparisonChecker::TextOrder(const syntax::Phrase& phrase) {
  switch (comparison_.op) {
    case Comparator::kIs:
    case Comparator::kIsNot:
    case Comparator::kWas:
      return IsText(phrase);
    case Comparator::kContains:
      return ReadText(phrase, TextRelation::kContains);
    case Comparator::kStartsWith:
      return ReadText(phrase, TextRelation::kStarts);
    case Comparator::kEndsWith:
      return ReadText(phrase, TextRelation::kEnds);
    case Comparator::kMatches:
      return Matches(phrase);
    case Comparator::kIn:
    case Comparator::kNotIn:
      return InTeam(phrase);
    default:
      return ReportOperator("`is`, `in`, `contains`, `starts with`, `ends with` or `matches`");
  }
}

std::optional<Condition> ComparisonChecker::CheckText() {
  const bool in = comparison_.op == Comparator::kIn || comparison_.op == Comparator::kNotIn;
  std::optional<Condition> result;
  if (const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value)) {
    result = TextOrder(*phrase);
  } else if (in && std::holds_alternative<std::vector<syntax::Phrase>>(comparison_.right.value)) {
    result = AnyOfPhrases([this](const syntax::Phrase& one) { return IsText(one); });
  } else {
    return ReportOperand(comparison_.right.span, "this");
  }
  if (!result.has_value() || !IsNegated()) return result;
  return SetAndNot(std::move(*result));
}

}  // namespace stagecraft::sema
