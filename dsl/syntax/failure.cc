#include "dsl/syntax/failure.h"

#include <algorithm>
#include <array>
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
  diagnostic.fixes = {Replace(diagnostic.span, meant)};
  return diagnostic;
}

// A token as a reader sees it: a date or a time of day is one.
Token WholeToken(std::string_view text, std::size_t offset) {
  Token token = NextToken(text, offset);
  while (token.kind == Token::Kind::kNumber) {
    const Token sign = NextToken(text, token.end);
    const Token number = NextToken(text, sign.end);
    const bool joined = sign.begin == token.end && number.begin == sign.end && number.kind == Token::Kind::kNumber;
    if (!joined || (sign.In(text) != "-" && sign.In(text) != ":")) break;
    token.end = number.end;
  }
  return token;
}

bool Contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Words that are spelt as they should be, wherever they stand.
bool IsKeyword(std::string_view word) {
  constexpr auto kOthers = std::to_array<std::string_view>({"and", "or", "not", "then", "else", "end", "is", "was", "for", "from"});
  if (std::find(kOthers.begin(), kOthers.end(), word) != kOthers.end()) return true;
  return Contains(LabelKeywords(Label::kDeclaration), word) || Contains(LabelKeywords(Label::kAction), word);
}

// An action by its first word alone is a part of the phrase before it. `follows` says what makes an action of it: a word that stands
// at once behind it, or one behind a name.
struct Verb {
  std::string_view word;
  Label follows;
  bool at_once;
};
constexpr auto kVerbs = std::to_array<Verb>({{"create", Label::kTaskOrDeal, true},
                                             {"send", Label::kEmail, true},
                                             {"call", Label::kWebhook, true},
                                             {"start", Label::kSequence, true},
                                             {"stop", Label::kSequence, true},
                                             {"enrol", Label::kIn, true},
                                             {"leave", Label::kText, true},
                                             {"wait", Label::kWait, true},
                                             {"add", Label::kToProperty, false},
                                             {"remove", Label::kFromList, true},
                                             {"subtract", Label::kFromProperty, false},
                                             {"copy", Label::kToProperty, false},
                                             {"append", Label::kToProperty, false}});

class Failure {
 public:
  Failure(const Builder& builder, std::uint32_t begin)
      : builder_(builder),
        text_(builder.source().text()),
        begin_(begin),
        at_(std::max(builder.furthest(), begin)),
        found_(WholeToken(text_, at_)) {}

  Diagnostic Describe() const {
    if (builder_.too_deep_at()) return DescribeTooDeep();
    if (Expects(Label::kClosingQuote)) return DescribeOpenText();
    if (auto misspelt = DescribeMisspelt()) return std::move(*misspelt);
    return DescribeUnexpected();
  }

 private:
  bool ExpectsAction() const { return Expects(Label::kAction) || Expects(Label::kActionOrDo) || Expects(Label::kStep); }
  bool Expects(Label label) const {
    return std::find(builder_.expected().begin(), builder_.expected().end(), label) != builder_.expected().end();
  }

  Span SpanOf(const Token& token) const { return builder_.SpanOf(token.begin, token.end); }
  std::string Quoted(const Token& token) const { return "`" + std::string(token.In(text_)) + "`"; }

  static Diagnostic Error(Code code, const Span& span, std::string message, std::string label = {}, std::vector<std::string> help = {}) {
    return {code, CodeSeverity(code), span, std::move(message), std::move(label), std::move(help), {}, {}};
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
    const Token token = NextToken(text_, *builder_.too_deep_at());
    const std::string limit = std::to_string(builder_.limits().nesting_max);
    if (token.In(text_) == "(") {
      return Error(Code::kNestedTooDeep, SpanOf(token), "parentheses are nested more than " + limit + " deep", "too deep",
                   {"give a part of the condition a name with `define`"});
    }
    return Error(Code::kNestedTooDeep, SpanOf(token), "blocks are nested more than " + limit + " deep", "too deep",
                 {"make a rule or a sequence of the inner part"});
  }

  Diagnostic DescribeOpenText() const {
    const std::size_t line = text_.substr(0, at_).rfind('\n') + 1;  // npos + 1 is the start of the text
    Token open = NextToken(text_, line);
    while (open.kind != Token::Kind::kEnd && !(open.kind == Token::Kind::kText && open.end >= at_)) open = NextToken(text_, open.end);
    return Error(Code::kTextNotClosed, SpanOf(open), "a text has no closing `\"`", "begins here",
                 {"a text ends on the line on which it begins; `\\n` in it makes a new line"});
  }

  bool IsForeignComment() const {
    const std::string_view two = text_.substr(found_.begin, 2);
    return two == "//" || two == "--" || two == "/*";
  }

  Diagnostic Unexpected(const Token& token, const std::string& expected) const {
    return Error(Code::kUnexpected, SpanOf(token), "expected " + expected + ", found " + Quoted(token));
  }

  // The keywords that one of what is expected may begin with; those of a declaration can begin a line only.
  std::vector<std::string_view> ExpectedKeywords() const {
    if (ExpectsAction()) return LabelKeywords(Label::kAction);
    std::vector<std::string_view> keywords;
    for (const Label label : builder_.expected()) {
      const auto& more = LabelKeywords(label);
      if (label != Label::kDeclaration) keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
  }

  // A keyword that was taken for a part of a phrase, because it or the word after it is misspelt.
  std::optional<Diagnostic> DescribeMisspelt() const {
    const bool action = ExpectsAction();
    const std::vector<std::string_view> expected = ExpectedKeywords();
    std::optional<Token> new_line;
    Token previous = NextToken(text_, begin_);
    for (Token token = NextToken(text_, previous.end); token.kind != Token::Kind::kEnd && token.begin < at_;
         token = NextToken(text_, token.end)) {
      const std::string_view word = token.In(text_);
      if (action && previous.begin > begin_) {
        if (auto unfinished = DescribeUnfinishedAction(previous, token)) return unfinished;
      }
      previous = token;
      if (token.kind != Token::Kind::kWord) continue;
      if (action && (word == "greater" || word == "less") && NextToken(text_, token.end).In(text_) == "than") {
        Diagnostic diagnostic = Unexpected(token, Expected());
        diagnostic.help.emplace_back(word == "less" ? "write `<`" : "write `>`");
        return diagnostic;
      }
      const auto& keywords = token.starts_line ? LabelKeywords(Label::kDeclaration) : expected;
      if (const auto meant = NearestKeyword(word, keywords)) return WithSuggestion(Unexpected(token, Expected()), *meant);
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
    constexpr auto kJoins = std::to_array<std::string_view>(
        {"on",       "after", "when", "and",   "or",    "not", "with", "within", "since",  "is",        "in",   "until",
         "disabled", "once",  "at",   "every", "enrol", "for", "by",   "to",     "expect", "otherwise", "then", "migrate"});
    return std::find(kJoins.begin(), kJoins.end(), word) != kJoins.end();
  }

  // `create tsk "x"`, `copy owner`: neither is an action as it stands, so it was taken for a part of the phrase before it. A verb behind
  // the keyword of the trigger is an event (`on call connected`), and is not asked about.
  std::optional<Diagnostic> DescribeUnfinishedAction(const Token& verb, const Token& next) const {
    if (NextToken(text_, NextToken(text_, begin_).end).begin == verb.begin) return std::nullopt;
    const auto* known = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& one) { return one.word == verb.In(text_); });
    if (known == kVerbs.end()) return std::nullopt;
    if (verb.In(text_) == "stop" && next.In(text_) == "when") return std::nullopt;
    const bool list = next.In(text_) == "to" || next.In(text_) == "from";
    if (!known->at_once && !list) return Missing(std::string(LabelText(known->follows)));
    const Label label = list && known->word == "add" ? Label::kList : known->follows;
    const Token wrong = list ? WholeToken(text_, next.end) : next;
    Diagnostic diagnostic = Unexpected(wrong, std::string(LabelText(label)));
    if (const auto meant = Nearest(wrong.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    return diagnostic;
  }

  // What is missing at the place, where a sentence goes on wrongly or breaks off.
  Diagnostic Missing(const std::string& expected) const {
    const bool next_sentence = found_.kind == Token::Kind::kEnd || (found_.starts_line && BeginsDeclaration(found_));
    const Token last = LastToken();
    if (last.kind == Token::Kind::kEnd) return Error(Code::kUnexpected, SpanOf(last), "expected " + expected + ", found nothing");
    if (next_sentence && at_ > begin_) {
      return Error(Code::kUnexpected, SpanOf(last), "expected " + expected + ", after " + Quoted(last), "the sentence breaks off here");
    }
    return Unexpected(found_, expected);
  }

  Diagnostic DescribeUnexpected() const {
    Diagnostic diagnostic = Missing(Expected());
    if (!(diagnostic.span == SpanOf(found_)) || found_.kind == Token::Kind::kEnd || AddForeign(diagnostic)) return diagnostic;
    const bool misspelt = found_.kind == Token::Kind::kWord && !IsKeyword(found_.In(text_));
    for (const Label label : builder_.expected()) {
      if (!misspelt) break;
      if (const auto meant = Nearest(found_.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    }
    AddAdvice(diagnostic);
    return diagnostic;
  }

  bool BeginsDeclaration(const Token& token) const {
    return token.kind == Token::Kind::kNumber || Contains(LabelKeywords(Label::kDeclaration), token.In(text_));
  }

  // The last token that was read before the place.
  Token LastToken() const {
    Token last = WholeToken(text_, begin_);
    for (Token token = last; token.kind != Token::Kind::kEnd && token.end <= builder_.furthest_token_end();
         token = WholeToken(text_, token.end)) {
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
    if (Expects(Label::kSequence) && word == "when") return advise("`stop when` stands before the first step");
    if (Expects(Label::kEndOfExpectation)) return advise("an `or` among what is expected stands in parentheses");
    if (!Expects(Label::kDeclaration)) return false;
    if (word == "=" && SetsBefore()) return advise("a value follows its property at once, like `set status New`");
    if (word == "and") return advise("actions follow one another without `and`");
    if (found_.kind == Token::Kind::kNumber && NextToken(text_, found_.end).In(text_) == "when")
      return advise("points have a sign, like `+10`");
    if (word == "end") return advise("`end` closes an `if`, a `split` or an `otherwise do`");
    if (word == "else" || word == "then") return advise("it belongs to an `if`, which `end` closes");
    if (word == "otherwise") return advise("`otherwise` stands after `wait until …`, or after the `expect …` of `within …`");
    const bool sign = found_.kind == Token::Kind::kSign && word.find_first_of("+-*/") == 0 && word != "->";
    if (sign) return advise("a calculation has a space on both sides of its sign, like `set total budget + 5`");
    for (const std::string_view modifier : {"once", "at", "every", "until"}) {
      if (word == modifier) return advise("it stands between the trigger and the first action");
    }
    if (word == "by") return advise("a rule that a person starts has a name, like `rule \"Reset\" by hand`");
    if (word == "{") return advise("braces stand in texts, and in tests for a column of the table");
    if (Contains(LabelKeywords(Label::kAction), word))
      return advise("an action needs something that sets it off, like `on SQL set status New`");
    return false;
  }

  // Whether the last action or keyword of the line before the place is `set`.
  bool SetsBefore() const {
    const std::size_t line = text_.substr(0, found_.begin).rfind('\n') + 1;
    bool sets = false;
    for (Token token = NextToken(text_, line); token.begin < found_.begin; token = NextToken(text_, token.end)) {
      const std::string_view word = token.In(text_);
      if (word == "set" || word == "when" || word == "if") sets = word == "set";
    }
    return sets;
  }

  // What people write who come from elsewhere.
  void AddAdvice(Diagnostic& diagnostic) const {
    const std::string_view word = found_.In(text_);
    const auto instead = [&diagnostic](const std::string& right) {
      diagnostic.help.push_back("write `" + right + "`");
      diagnostic.fixes = {Replace(diagnostic.span, right)};
    };
    if ((Expects(Label::kArrow) || Expects(Label::kMove)) && (word == "-" || word == "=")) {
      if (text_.substr(found_.end).starts_with('>')) ++diagnostic.span.end;
      return instead("->");
    }
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
  for (const std::string_view named :
       {"property", "define", "counter", "score", "event", "list", "team", "form", "pipeline", "template", "sequence", "rule"}) {
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
                           {},
                           {}},
                          *meant);
  }
  return std::nullopt;
}

}  // namespace stagecraft::syntax
