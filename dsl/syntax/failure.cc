#include "dsl/syntax/failure.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dsl/support/nearest.h"
#include "dsl/syntax/advice.h"
#include "dsl/syntax/capitals.h"
#include "dsl/syntax/keywords.h"
#include "dsl/syntax/place.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

namespace {

// So many words of a sentence are tried as slips of a keyword.
constexpr int kTriesMax = 8;

// The keyword that a word in a phrase was meant to be. Forms of it (`created`) and words of less than five letters (`sent`) are words
// in their own right.
std::optional<std::string> NearestKeyword(std::string_view word, const std::vector<std::string_view>& keywords) {
  constexpr std::size_t kLettersMin = 5;
  if (word.size() < kLettersMin) return std::nullopt;
  const auto meant = Nearest(word, keywords);
  if (!meant || word.starts_with(*meant) || meant->size() + 1 < kLettersMin) return std::nullopt;
  return meant;
}

Diagnostic WithSuggestion(Diagnostic diagnostic, const std::string& meant, bool safe = true) {
  diagnostic.help.push_back("did you mean `" + meant + "`?");
  diagnostic.fixes = {Replace(diagnostic.span, meant)};
  diagnostic.fixes.front().safe = safe;
  return diagnostic;
}

// The words in small letters, all at once.
Fix SmallLetters(std::uint32_t source, std::string_view text, const std::vector<Token>& tokens) {
  Fix fix{{}, {}, true};
  for (const Token& token : tokens) {
    fix.edits.push_back(
        {{source, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)}, InSmallLetters(token.In(text))});
  }
  return fix;
}

// "keywords are in small letters: `on`, `set`".
std::string SmallLettersHelp(const Fix& fix) {
  constexpr std::size_t kShownMax = 4;
  std::vector<std::string> words;
  for (const Edit& edit : fix.edits) {
    if (std::find(words.begin(), words.end(), edit.replacement) == words.end()) words.push_back(edit.replacement);
  }
  std::string help = "the words of the language are in small letters:";
  for (std::size_t i = 0; i < std::min(words.size(), kShownMax); ++i) help += (i == 0 ? " `" : ", `") + words[i] + "`";
  return help + (words.size() > kShownMax ? ", …" : "");
}

// An action by its first word alone is a part of the phrase before it. `follows` says what makes an action of it: a word that stands
// at once behind it, or one behind a name.
struct Verb {
  std::string_view word;
  Label follows;
  bool at_once;
};
constexpr auto kVerbs = std::to_array<Verb>({{"create", Label::kTaskOrDeal, true},
                                             {"move", Label::kDeal, true},
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
  Failure(const Builder& builder, const FailedSentence& sentence) : builder_(builder), place_(builder, sentence), text_(place_.text()) {}

  Diagnostic Describe() const {
    Diagnostic diagnostic = Find();
    for (Fix& fix : diagnostic.fixes) fix.safe = fix.safe && place_.ReadsWith(fix);
    return diagnostic;
  }

 private:
  Diagnostic Find() const {
    if (builder_.too_deep_at()) return DescribeTooDeep();
    if (builder_.too_long_at()) return DescribeTooLong();
    if (place_.Expects(Label::kClosingQuote)) return DescribeOpenText();
    if (auto capitals = DescribeCapitals()) return std::move(*capitals);
    if (auto idiom = DescribeIdiom(place_)) return std::move(*idiom);
    if (auto misspelt = DescribeMisspelt()) return std::move(*misspelt);
    return DescribeUnexpected();
  }

  Diagnostic DescribeTooDeep() const {
    const Token token = NextToken(text_, *builder_.too_deep_at());
    const std::string limit = std::to_string(builder_.limits().nesting_max);
    if (token.In(text_) == "(") {
      return Place::Error(Code::kNestedTooDeep, place_.SpanOf(token), "parentheses are nested more than " + limit + " deep", "too deep",
                          {"give a part of the condition a name with `define`"});
    }
    return Place::Error(Code::kNestedTooDeep, place_.SpanOf(token), "blocks are nested more than " + limit + " deep", "too deep",
                        {"make a rule or a sequence of the inner part"});
  }

  Diagnostic DescribeTooLong() const {
    return Place::Error(Code::kTooLarge, place_.SpanOf(NextToken(text_, *builder_.too_long_at())),
                        "more than " + std::to_string(kPhraseTermsMax) + " words follow one another without a keyword", "one too many",
                        {"put a text into quotation marks; a name has 16 words at most"});
  }

  Diagnostic DescribeOpenText() const {
    Token open = place_.FirstOfLine(place_.at());
    while (open.kind != Token::Kind::kEnd && !(open.kind == Token::Kind::kText && open.end >= place_.at())) open = place_.Next(open);
    return Place::Error(Code::kTextNotClosed, place_.SpanOf(open), "a text has no closing `\"`", "begins here",
                        {"a text ends on the line on which it begins; `\\n` in it makes a new line"});
  }

  // Keywords with capitals, when their small letters are all that the sentence lacks: those that are seldom parts of names, else all.
  std::optional<Diagnostic> DescribeCapitals() const {
    const std::vector<Token> all = CapitalKeywords(text_, place_.begin(), place_.sentence_end());
    std::vector<Token> likely;
    for (const Token& token : all) {
      if (token.begin == place_.begin() || !NamesThings(InSmallLetters(token.In(text_)))) likely.push_back(token);
    }
    const auto mends = [&](const std::vector<Token>& tokens) {
      return !tokens.empty() && place_.ReadsWith(SmallLetters(builder_.SpanOf(0, 0).source, text_, tokens));
    };
    const bool certain = BeginsInCapitals(text_, place_.begin());
    const bool some = mends(likely);
    if (!some && !mends(all) && !certain) return std::nullopt;
    Fix fix = SmallLetters(builder_.SpanOf(0, 0).source, text_, some ? likely : all);
    Diagnostic diagnostic = place_.Unexpected(some ? likely.front() : all.front(), "`" + fix.edits.front().replacement + "`");
    diagnostic.help.push_back(SmallLettersHelp(fix));
    diagnostic.fixes = {std::move(fix)};
    return diagnostic;
  }

  // The keywords that one of what is expected may begin with; those of a declaration can begin a line only.
  std::vector<std::string_view> ExpectedKeywords() const {
    if (place_.ExpectsAction()) return LabelKeywords(Label::kAction);
    std::vector<std::string_view> keywords;
    for (const Label label : builder_.expected()) {
      const auto& more = LabelKeywords(label);
      if (label != Label::kDeclaration) keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
  }

  // A keyword that was taken for a part of a phrase, because it or the word after it is misspelt.
  std::optional<Diagnostic> DescribeMisspelt() const {
    const bool action = place_.ExpectsAction();
    const std::vector<std::string_view> expected = ExpectedKeywords();
    std::optional<Token> new_line;
    Token previous = NextToken(text_, place_.begin());
    for (Token token = place_.Next(previous); token.kind != Token::Kind::kEnd && token.begin < place_.at(); token = place_.Next(token)) {
      const std::string_view word = token.In(text_);
      if (action && previous.begin > place_.begin()) {
        if (auto unfinished = DescribeUnfinishedAction(previous, token)) return unfinished;
      }
      previous = token;
      if (token.kind != Token::Kind::kWord) continue;
      if (action && (word == "greater" || word == "less") && place_.Next(token).In(text_) == "than") {
        Diagnostic diagnostic = place_.Unexpected(token, place_.Expected());
        diagnostic.help.emplace_back(word == "less" ? "write `<`" : "write `>`");
        return diagnostic;
      }
      const auto& keywords = token.starts_line ? LabelKeywords(Label::kDeclaration) : expected;
      if (const auto meant = NearestKeyword(word, keywords)) return WithSuggestion(place_.Unexpected(token, place_.Expected()), *meant);
      if (token.starts_line && !JoinsLines(word) && !Contains(LabelKeywords(Label::kAction), word)) new_line = token;
    }
    if (auto slip = DescribeSlip(expected)) return slip;
    if (place_.Expects(Label::kType)) {
      if (const auto meant = Nearest(previous.In(text_), LabelKeywords(Label::kType)))
        return WithSuggestion(place_.Unexpected(previous, place_.Expected()), *meant);
    }
    if (action && new_line) return place_.Unexpected(*new_line, place_.Expected());
    return std::nullopt;
  }

  // A short word (`sett`, `whn`), when the keyword that is one letter away is all that the sentence lacks.
  std::optional<Diagnostic> DescribeSlip(const std::vector<std::string_view>& keywords) const {
    int tries = 0;
    for (Token token = place_.Next(NextToken(text_, place_.begin()));
         token.kind != Token::Kind::kEnd && token.begin < place_.at() && tries < kTriesMax; token = place_.Next(token)) {
      const std::string_view word = token.In(text_);
      if (token.kind != Token::Kind::kWord || IsKeyword(word)) continue;
      const auto meant = Nearest(word, keywords);
      if (!meant || *meant == word || meant->find(' ') != std::string::npos) continue;
      ++tries;
      if (place_.ReadsWith(Replace(place_.SpanOf(token), *meant)))
        return WithSuggestion(place_.Unexpected(token, place_.Expected()), *meant);
    }
    return std::nullopt;
  }

  // Words that go on with a sentence on a new line, so that a line beginning with one is not a mistake in itself.
  static bool JoinsLines(std::string_view word) {
    constexpr auto kJoins = std::to_array<std::string_view>({"on",    "after", "when", "and",    "or",        "not",  "with",   "within",
                                                             "since", "is",    "in",   "until",  "disabled",  "once", "at",     "every",
                                                             "for",   "by",    "to",   "expect", "otherwise", "then", "migrate"});
    return std::find(kJoins.begin(), kJoins.end(), word) != kJoins.end();
  }

  // `create tsk "x"`, `copy owner`: neither is an action as it stands, so it was taken for a part of the phrase before it. A verb behind
  // the keyword of the trigger is an event (`on call connected`), and is not asked about.
  std::optional<Diagnostic> DescribeUnfinishedAction(const Token& verb, const Token& next) const {
    if (place_.Next(NextToken(text_, place_.begin())).begin == verb.begin) return std::nullopt;
    const auto* known = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& one) { return one.word == verb.In(text_); });
    if (known == kVerbs.end()) return std::nullopt;
    if (verb.In(text_) == "stop" && next.In(text_) == "when") return std::nullopt;
    const bool list = next.In(text_) == "to" || next.In(text_) == "from";
    if (!known->at_once && !list) return place_.Missing(std::string(LabelText(known->follows)));
    const Label label = list && known->word == "add" ? Label::kList : known->follows;
    const Token wrong = list ? WholeToken(text_, next.end) : next;
    Diagnostic diagnostic = place_.Unexpected(wrong, std::string(LabelText(label)));
    if (const auto meant = Nearest(wrong.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    return diagnostic;
  }

  Diagnostic DescribeUnexpected() const {
    Diagnostic diagnostic = place_.Missing(place_.Expected());
    const Token& found = place_.found();
    if (!(diagnostic.span == place_.SpanOf(found)) || found.kind == Token::Kind::kEnd) {
      const bool of_what_was_read =
          place_.Expects(Label::kType) || place_.Expects(Label::kWhenOrEach) || place_.Expects(Label::kTriggerPhrase);
      if (of_what_was_read) AddAdvice(place_, diagnostic);
      return diagnostic;
    }
    if (AddAdvice(place_, diagnostic)) return diagnostic;
    const bool misspelt = found.kind == Token::Kind::kWord && !IsPlainKeyword(found.In(text_));
    for (const Label label : builder_.expected()) {
      if (!misspelt) break;
      if (const auto meant = Nearest(found.In(text_), LabelKeywords(label))) return WithSuggestion(std::move(diagnostic), *meant);
    }
    return diagnostic;
  }

  const Builder& builder_;
  Place place_;
  std::string_view text_;
};

// Words of a sentence that begin a part of it: with a capital they are seldom a part of a name.
bool BeginsPart(std::string_view word) {
  if (NamesThings(word)) return false;
  return Contains(LabelKeywords(Label::kAction), word) || word == "and" || word == "or" || word == "not" || word == "when" ||
         word == "then";
}

Diagnostic FoundInPhrase(const Span& span, const Source& source, std::string_view expected) {
  const std::string word(source.At(span));
  return Place::Error(Code::kUnexpected, span, "expected " + std::string(expected) + ", found `" + word + "`");
}

// `city starts with R`: without quotation marks behind it, `starts with` is the end of a name and what is asked of its fields.
std::optional<Diagnostic> TextWithoutMarks(const Span& span, const Source& source) {
  const std::string_view text = source.text();
  Token last = NextToken(text, span.begin);
  for (Token token = last; token.kind != Token::Kind::kEnd && token.begin < span.end; token = NextToken(text, token.end)) last = token;
  const Token with = NextToken(text, last.end);
  const Token value = NextToken(text, with.end);
  const bool asks = last.In(text) == "starts" || last.In(text) == "ends";
  if (!asks || with.In(text) != "with" || value.kind != Token::Kind::kWord) return std::nullopt;
  const Span place{span.source, static_cast<std::uint32_t>(value.begin), static_cast<std::uint32_t>(value.end)};
  Diagnostic diagnostic = FoundInPhrase(place, source, LabelText(Label::kText));
  const std::string quoted = "\"" + std::string(value.In(text)) + "\"";
  diagnostic.help.push_back("write `" + quoted + "`");
  diagnostic.fixes = {Replace(place, quoted)};
  diagnostic.fixes.front().safe = false;
  return diagnostic;
}

}  // namespace

Diagnostic DescribeFailure(const Builder& builder, const FailedSentence& sentence) { return Failure(builder, sentence).Describe(); }

std::optional<std::string> MisspeltDeclaration(std::string_view word) {
  static const std::vector<std::string_view> kBeginnings = {
      "workspace", "import",  "status",   "property", "event", "form",  "pipeline", "template", "team",  "define", "score", "list",
      "always",    "counter", "sequence", "view",     "never", "moves", "rule",     "within",   "every", "after",  "test"};
  if (Contains(kBeginnings, word)) return std::nullopt;
  return NearestKeyword(word, kBeginnings);
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
      if (phrase.terms.size() == kPhraseTermsMax) break;
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
  static const std::vector<std::string_view> kWhen = {"when"};
  std::vector<Token> capitals;
  for (const Token& token : CapitalKeywords(text, NextToken(text, span.begin).end, span.end)) {
    const std::string small = InSmallLetters(token.In(text));
    if (BeginsPart(small) || (token.starts_line && Contains(LabelKeywords(Label::kDeclaration), small))) capitals.push_back(token);
  }
  if (!capitals.empty()) {
    Fix fix = SmallLetters(span.source, text, capitals);
    Diagnostic diagnostic = FoundInPhrase(fix.edits.front().span, source, "`" + fix.edits.front().replacement + "`");
    diagnostic.help.push_back(SmallLettersHelp(fix));
    diagnostic.fixes = {std::move(fix)};
    return diagnostic;
  }
  for (Token token = NextToken(text, NextToken(text, span.begin).end); token.kind != Token::Kind::kEnd;
       token = NextToken(text, token.end)) {
    if (token.kind != Token::Kind::kWord || IsKeyword(token.In(text))) continue;
    const Span word{span.source, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)};
    if (Nearest(token.In(text), kWhen)) return WithSuggestion(FoundInPhrase(word, source, LabelText(Label::kWhen)), "when", false);
    if (!token.starts_line) continue;
    if (const auto meant = NearestKeyword(token.In(text), LabelKeywords(Label::kDeclaration))) {
      return WithSuggestion(FoundInPhrase(word, source, LabelText(Label::kDeclaration)), *meant);
    }
  }
  return TextWithoutMarks(span, source);
}

}  // namespace stagecraft::syntax
