#include "dsl/syntax/failure.h"

#include <algorithm>
#include <string>

#include "dsl/support/nearest.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

namespace {

// More than this many alternatives are no help.
constexpr std::size_t kAlternativesMax = 3;

// The keyword that a word in a phrase was meant to be. Forms of it (`created`) and words of less than five letters (`sent`) are words
// in their own right.
std::optional<std::string> NearestKeyword(std::string_view word, const std::vector<std::string_view>& keywords) {
  constexpr std::size_t kLettersMin = 5;
  if (word.size() < kLettersMin) return std::nullopt;
  const auto meant = Nearest(word, keywords);
  if (!meant || word.starts_with(*meant) || meant->size() + 1 < kLettersMin) return std::nullopt;
  return meant;
}

Diagnostic WithSuggestion(Diagnostic diagnostic, const std::string& meant) {
  diagnostic.help.push_back("did you mean `" + meant + "`?");
  diagnostic.fix = Fix{diagnostic.span, meant};
  return diagnostic;
}

class Failure {
 public:
  Failure(const Builder& builder, std::uint32_t begin)
      : builder_(builder),
        text_(builder.source().text()),
        begin_(begin),
        at_(std::max(builder.furthest(), begin)),
        found_(NextToken(text_, at_)) {}

  Diagnostic Describe() const {
    if (builder_.too_deep_at()) return DescribeTooDeep();
    if (Expects(Label::kClosingQuote)) return DescribeOpenText();
    if (auto later = DescribeLater()) return std::move(*later);
    if (auto misspelt = DescribeMisspelt()) return std::move(*misspelt);
    return DescribeUnexpected();
  }

 private:
  bool Expects(Label label) const {
    return std::find(builder_.expected().begin(), builder_.expected().end(), label) != builder_.expected().end();
  }

  Span SpanOf(const Token& token) const { return builder_.SpanOf(token.begin, token.end); }
  std::string Quoted(const Token& token) const { return "`" + std::string(token.In(text_)) + "`"; }

  static Diagnostic Error(Code code, const Span& span, std::string message, std::string label = {}, std::vector<std::string> help = {}) {
    return {code, CodeSeverity(code), span, std::move(message), std::move(label), std::move(help), std::nullopt};
  }

  // "a condition, like `status is New`, or `by hand`".
  std::string Expected() const {
    std::string expected;
    const std::size_t count = std::min(builder_.expected().size(), kAlternativesMax);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) expected += i + 1 == count ? ", or " : ", ";
      expected += LabelText(builder_.expected()[i]);
    }
    return expected;
  }

  Diagnostic DescribeTooDeep() const {
    const Span paren = builder_.SpanOf(*builder_.too_deep_at(), *builder_.too_deep_at() + 1);
    const std::string limit = std::to_string(builder_.limits().nesting_max);
    return Error(Code::kNestedTooDeep, paren, "parentheses are nested more than " + limit + " deep", "too deep",
                 {"give a part of the condition a name with `define`"});
  }

  Diagnostic DescribeOpenText() const {
    const std::size_t line = text_.substr(0, at_).rfind('\n') + 1;  // npos + 1 is the start of the text
    Token open = NextToken(text_, line);
    while (open.kind != Token::Kind::kEnd && !(open.kind == Token::Kind::kText && open.end >= at_)) open = NextToken(text_, open.end);
    return Error(Code::kTextNotClosed, SpanOf(open), "a text has no closing `\"`", "begins here",
                 {"a text ends on the line on which it begins; `\\n` in it makes a new line"});
  }

  // Whether the keyword at the place belongs to a sentence that comes with a later version.
  std::optional<Diagnostic> DescribeLater() const {
    const std::string_view word = found_.In(text_);
    const bool declaration = Expects(Label::kDeclaration) || Expects(Label::kTrigger);
    const bool inside =
        declaration || Expects(Label::kAction) || Expects(Label::kPoints) || Expects(Label::kStayIn) || Expects(Label::kEndOfCondition);
    if (found_.kind == Token::Kind::kWord && ((declaration && IsLaterDeclaration(word)) || (inside && IsLaterInRule(word)))) {
      return Later(SpanOf(found_), "`" + SentenceName() + "`");
    }
    if (Expects(Label::kTask) && word == "deal") return Later(SpanOf(found_), "`create deal`");
    if (found_.kind == Token::Kind::kNumber && declaration && BeginsTiming())
      return Later(SpanOf(found_), "a rule timed before or after a date or an event");
    const bool sign = found_.kind == Token::Kind::kSign && word.size() == 1 && word.find_first_of("+-*/") == 0;
    if (sign && inside && !IsForeignComment()) return Later(SpanOf(found_), "arithmetic");
    return std::nullopt;
  }

  // `2 hours after meeting ends`, not `10 when …` or `2026-10-05`.
  bool BeginsTiming() const {
    const Token next = NextToken(text_, found_.end);
    return next.kind == Token::Kind::kWord && next.In(text_) != "when";
  }

  bool IsForeignComment() const {
    const std::string_view two = text_.substr(found_.begin, 2);
    return two == "//" || two == "--" || two == "/*";
  }

  // `start` alone says little; `start sequence` does.
  std::string SentenceName() const {
    const std::string word(found_.In(text_));
    const Token next = NextToken(text_, found_.end);
    for (const std::string_view opening : {"start", "send", "call", "enrol", "by", "once", "every", "moves"}) {
      if (word == opening && next.kind == Token::Kind::kWord) return word + " " + std::string(next.In(text_));
    }
    return word;
  }

  static Diagnostic Later(const Span& span, const std::string& what) {
    return Error(Code::kNotPartOfLanguage, span, what + " is not part of the language yet");
  }

  Diagnostic Unexpected(const Token& token, const std::string& expected) const {
    return Error(Code::kUnexpected, SpanOf(token), "expected " + expected + ", found " + Quoted(token));
  }

  // A keyword that was taken for a part of a phrase, because it or the word after it is misspelt.
  std::optional<Diagnostic> DescribeMisspelt() const {
    const bool action = Expects(Label::kAction);
    std::optional<Token> new_line;
    Token previous = NextToken(text_, begin_);
    for (Token token = NextToken(text_, previous.end); token.kind != Token::Kind::kEnd && token.begin < at_;
         token = NextToken(text_, token.end)) {
      const std::string_view word = token.In(text_);
      if (action) {
        if (auto unfinished = DescribeUnfinishedAction(previous, token)) return unfinished;
      }
      previous = token;
      if (token.kind != Token::Kind::kWord) continue;
      const auto& keywords = token.starts_line ? LabelKeywords(Label::kDeclaration) : ActionKeywords();
      if (action && (word == "greater" || word == "less") && NextToken(text_, token.end).In(text_) == "than") {
        Diagnostic diagnostic = Unexpected(token, Expected());
        diagnostic.help.emplace_back(word == "less" ? "write `<`" : "write `>`");
        return diagnostic;
      }
      if (action || token.starts_line) {
        if (const auto meant = NearestKeyword(word, keywords)) return WithSuggestion(Unexpected(token, Expected()), *meant);
      }
      if (token.starts_line && !JoinsLines(word)) new_line = token;
    }
    if (Expects(Label::kType)) {
      if (const auto meant = Nearest(previous.In(text_), LabelKeywords(Label::kType)))
        return WithSuggestion(Unexpected(previous, Expected()), *meant);
    }
    if (action && new_line) return Unexpected(*new_line, Expected());
    return std::nullopt;
  }

  // Words that go on with a sentence on a new line, so that a line beginning with one is not a mistake in itself.
  static bool JoinsLines(std::string_view word) {
    for (const std::string_view joins : {"on", "after", "when", "and", "or", "not", "with", "within", "since", "is", "in", "disabled"}) {
      if (word == joins) return true;
    }
    return false;
  }

  // `create tsk`: an action by its first word alone is a part of the phrase before it.
  std::optional<Diagnostic> DescribeUnfinishedAction(const Token& verb, const Token& next) const {
    const std::string_view word = verb.In(text_);
    const Label label = word == "create" ? Label::kTask : word == "add" ? Label::kToList : Label::kFromList;
    if (word != "create" && word != "add" && word != "remove") return std::nullopt;
    const bool particle = next.In(text_) == "to" || next.In(text_) == "from";
    const Token wrong = particle ? NextToken(text_, next.end) : next;
    Diagnostic diagnostic = Unexpected(wrong, std::string(LabelText(label)));
    if (const auto meant = Nearest(wrong.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    return diagnostic;
  }

  Diagnostic DescribeUnexpected() const {
    const bool next_sentence = found_.kind == Token::Kind::kEnd || (found_.starts_line && BeginsDeclaration(found_.In(text_)));
    const Token last = LastToken();
    if (last.kind == Token::Kind::kEnd) return Error(Code::kUnexpected, SpanOf(last), "expected " + Expected() + ", found nothing");
    if (next_sentence && at_ > begin_) {
      return Error(Code::kUnexpected, SpanOf(last), "expected " + Expected() + ", after " + Quoted(last), "the sentence breaks off here");
    }
    Diagnostic diagnostic = Unexpected(found_, Expected());
    if (AddForeign(diagnostic)) return diagnostic;
    for (const Label label : builder_.expected()) {
      if (found_.kind != Token::Kind::kWord) break;
      if (const auto meant = Nearest(found_.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    }
    AddAdvice(diagnostic);
    return diagnostic;
  }

  static bool BeginsDeclaration(std::string_view word) {
    const auto& keywords = LabelKeywords(Label::kDeclaration);
    return std::find(keywords.begin(), keywords.end(), word) != keywords.end() || IsLaterDeclaration(word);
  }

  // The last token that was read before the place.
  Token LastToken() const {
    Token last = NextToken(text_, begin_);
    for (Token token = last; token.kind != Token::Kind::kEnd && token.end <= builder_.furthest_token_end();
         token = NextToken(text_, token.end)) {
      last = token;
    }
    return last;
  }

  // Words in a place where they have no meaning, though they are spelt as they should be. False: it is none of them.
  bool AddForeign(Diagnostic& diagnostic) const {
    const std::string_view word = found_.In(text_);
    const auto advise = [&diagnostic](const char* advice) {
      diagnostic.help.emplace_back(advice);
      return true;
    };
    if (IsForeignComment()) return advise("a comment begins with `#`");
    if (!Expects(Label::kDeclaration)) return false;
    if (word == "=" && !Expects(Label::kEndOfCondition)) return advise("a value follows its property at once, like `set status New`");
    if (word == "and") return advise("actions follow one another without `and`");
    if (found_.kind == Token::Kind::kNumber && NextToken(text_, found_.end).In(text_) == "when")
      return advise("points have a sign, like `+10`");
    const auto& actions = ActionKeywords();
    if (std::find(actions.begin(), actions.end(), word) != actions.end())
      return advise("an action needs something that sets it off, like `on SQL set status New`");
    return false;
  }

  // What people write who come from elsewhere.
  void AddAdvice(Diagnostic& diagnostic) const {
    const std::string_view word = found_.In(text_);
    const auto instead = [&diagnostic](const std::string& right) {
      diagnostic.help.push_back("write `" + right + "`");
      diagnostic.fix = Fix{diagnostic.span, right};
    };
    if (word == "=" || word == "==") return instead("is");
    if (word == "!=" || word == "<>") return instead("is not");
    if (word == "&&") return instead("and");
    if (word == "||") return instead("or");
    for (const std::string_view quote : {"“", "”", "„", "«", "'", "‘", "’"}) {
      if (word == quote) diagnostic.help.emplace_back("texts stand in straight quotation marks, like `\"New Lead\"`");
    }
    const bool other_letter =
        found_.kind == Token::Kind::kSign && static_cast<unsigned char>(word.front()) >= 0x80U && diagnostic.help.empty();
    if (other_letter) diagnostic.help.emplace_back("a name with other signs than letters and digits stands in quotation marks");
    if (found_.kind != Token::Kind::kWord || found_.starts_line) return;
    if (Expects(Label::kText)) return instead("\"" + std::string(word) + "\"");
    const std::string_view first = NextToken(text_, text_.substr(0, found_.begin).rfind('\n') + 1).In(text_);
    const bool options = first == "status" || first == "start" || first == "process" || first == "outcome" || first == "property";
    if (options && Expects(Label::kDeclaration))
      diagnostic.help.emplace_back("an option of several words stands in quotation marks, like `\"New Lead\"`");
  }

  const Builder& builder_;
  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  Token found_;
};

}  // namespace

Diagnostic DescribeFailure(const Builder& builder, std::uint32_t declaration_begin) {
  return Failure(builder, declaration_begin).Describe();
}

std::optional<Phrase> LostName(const Builder& builder, std::uint32_t declaration_begin) {
  const std::string_view text = builder.source().text();
  const Token keyword = NextToken(text, declaration_begin);
  const std::string_view kind = keyword.In(text);
  const auto term_of = [&](const Token& token) {
    std::string_view word = token.In(text);
    if (token.kind == Token::Kind::kText) {
      word.remove_prefix(1);
      if (word.ends_with('"')) word.remove_suffix(1);
    }
    return Term{token.kind == Token::Kind::kText ? Term::Kind::kText : Term::Kind::kWord, std::string(word), 0,
                builder.SpanOf(token.begin, token.end)};
  };
  Phrase phrase;
  if (kind == "status") phrase.terms.push_back(term_of(keyword));
  for (const std::string_view named : {"property", "define", "counter", "score", "event", "list", "team"}) {
    if (kind != named) continue;
    for (Token token = NextToken(text, keyword.end); token.kind == Token::Kind::kWord || token.kind == Token::Kind::kText;
         token = NextToken(text, token.end)) {
      const std::string_view word = token.In(text);
      const auto& types = LabelKeywords(Label::kType);
      const bool ends =
          token.starts_line || word == "when" || word == "of" || word == "one" || word == "yes" || word == "as" || word == "halving";
      if (ends || (!phrase.terms.empty() && std::find(types.begin(), types.end(), word) != types.end())) break;
      phrase.terms.push_back(term_of(token));
      if (token.kind == Token::Kind::kText) break;
    }
    if (kind == "score" && phrase.terms.empty()) phrase.terms.push_back(term_of(keyword));
  }
  if (phrase.terms.empty()) return std::nullopt;
  phrase.span = {phrase.terms.front().span.source, phrase.terms.front().span.begin, phrase.terms.back().span.end};
  return phrase;
}

std::optional<Diagnostic> MisspeltKeywordIn(Span span, const Source& source) {
  const std::string_view text = source.text().substr(0, span.end);
  for (Token token = NextToken(text, NextToken(text, span.begin).end); token.kind != Token::Kind::kEnd;
       token = NextToken(text, token.end)) {
    if (token.kind != Token::Kind::kWord || !token.starts_line) continue;
    const std::string_view word = token.In(text);
    const auto meant = NearestKeyword(word, LabelKeywords(Label::kDeclaration));
    if (!meant) continue;
    return WithSuggestion({Code::kUnexpected,
                           Severity::kError,
                           {span.source, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)},
                           "expected " + std::string(LabelText(Label::kDeclaration)) + ", found `" + std::string(word) + "`",
                           {},
                           {},
                           std::nullopt},
                          *meant);
  }
  return std::nullopt;
}

}  // namespace stagecraft::syntax
