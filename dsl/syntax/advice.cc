#include "dsl/syntax/advice.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dsl/support/signs.h"
#include "dsl/support/text.h"
#include "dsl/syntax/capitals.h"
#include "dsl/syntax/keywords.h"

namespace stagecraft::syntax {

namespace {

struct Meant {
  std::string_view word;
  std::string_view right;
};

template <std::size_t Count>
std::string_view RightOf(const std::array<Meant, Count>& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Meant& one) { return one.word == word; });
  return found == table.end() ? std::string_view() : found->right;
}

constexpr auto kNumberWords = std::to_array<Meant>({{"a", "1"},
                                                    {"an", "1"},
                                                    {"one", "1"},
                                                    {"two", "2"},
                                                    {"three", "3"},
                                                    {"four", "4"},
                                                    {"five", "5"},
                                                    {"six", "6"},
                                                    {"seven", "7"},
                                                    {"eight", "8"},
                                                    {"nine", "9"},
                                                    {"ten", "10"}});

// What other tools call the types.
constexpr auto kForeignTypes = std::to_array<Meant>({{"boolean", "yes or no"},
                                                     {"bool", "yes or no"},
                                                     {"checkbox", "yes or no"},
                                                     {"string", "text"},
                                                     {"varchar", "text"},
                                                     {"int", "number"},
                                                     {"integer", "number"},
                                                     {"float", "number"},
                                                     {"decimal", "number"},
                                                     {"double", "number"},
                                                     {"datetime", "time"},
                                                     {"timestamp", "time"},
                                                     {"currency", "money"},
                                                     {"person", "user"},
                                                     {"enum", "one of A, B"},
                                                     {"dropdown", "one of A, B"},
                                                     {"picklist", "one of A, B"},
                                                     {"select", "one of A, B"}});

class Adviser {
 public:
  Adviser(const Place& place, Diagnostic& diagnostic) : place_(place), diagnostic_(diagnostic), word_(place.word()) {}

  bool Advise() {
    return Signs() || Durations() || Joints() || Types() || Options() || Actions() || Tests() || Numbers() || AnotherSentence() ||
           Names() || Texts() || Letters();
  }

 private:
  bool Say(std::string help) {
    diagnostic_.help.push_back(std::move(help));
    return true;
  }
  // `right` in place of what was found.
  bool Write(const std::string& right) { return Instead(diagnostic_.span, right, "write `" + right + "`"); }
  bool Instead(const Span& span, const std::string& right, std::string help) {
    diagnostic_.fixes = {Replace(span, right)};
    return Say(std::move(help));
  }
  bool LeaveOut(const Token& first) { return LeaveOut(first, first); }
  bool LeaveOut(const Token& first, const Token& last) {
    const Token next = place_.Next(last);
    const std::string words(place_.text().substr(first.begin, last.end - first.begin));
    return Instead(place_.SpanOf(first.begin, next.starts_line ? last.end : next.begin), "", "leave out `" + words + "`");
  }
  Token Found() const { return place_.found(); }
  Token Next() const { return place_.Next(place_.found()); }
  Token Before() const { return place_.BeforeInLine(place_.found().begin); }
  std::string_view TextOf(const Token& token) const { return token.In(place_.text()); }
  bool Expects(Label label) const { return place_.Expects(label); }
  bool IsArticle() const { return word_ == "a" || word_ == "an" || word_ == "the"; }
  bool Touches(const Token& left, const Token& right) const { return left.end == right.begin; }

  // ---- signs -----------------------------------------------------------------------------------------------
  bool Signs() {
    const std::string_view rest = place_.text().substr(Found().end);
    const std::string_view two = place_.text().substr(Found().begin, 2);
    if (two == "//" || two == "--" || two == "/*") return Say("a comment begins with `#`");
    if ((Expects(Label::kArrow) || Expects(Label::kMove)) && (word_ == "-" || word_ == "=")) {
      if (rest.starts_with('>')) ++diagnostic_.span.end;
      return Write("->");
    }
    if (word_ == "=" && (rest.starts_with('>') || rest.starts_with('<'))) {
      ++diagnostic_.span.end;
      return Write(rest.starts_with('>') ? ">=" : "<=");
    }
    if (word_ == ">" && Expects(Label::kValue) && place_.at() > 0 && place_.text()[place_.at() - 1] == '<') {
      --diagnostic_.span.begin;
      return Comparison("is not");
    }
    if (word_ == "=") return EqualsSign();
    if (word_ == "==") return Comparison("is");
    if (word_ == "!=" || word_ == "<>") return Comparison("is not");
    if (word_ == "&&") return Write("and");
    if (word_ == "||") return Write("or");
    return false;
  }

  // Words in place of a sign, which may touch what it stands between.
  bool Comparison(const std::string& words) {
    const std::string_view text = place_.text();
    const Span& span = diagnostic_.span;
    const bool blank_before = span.begin == 0 || static_cast<unsigned char>(text[span.begin - 1]) <= ' ';
    const bool blank_after = span.end >= text.size() || static_cast<unsigned char>(text[span.end]) <= ' ';
    return Instead(span, (blank_before ? "" : " ") + words + (blank_after ? "" : " "), "write `" + words + "`");
  }

  // A value follows its property at once in `set`, and in what is so in a test; elsewhere the sign is `is`.
  bool EqualsSign() {
    const Token found = Found();
    std::string_view verb;
    for (Token token = place_.FirstOfLine(found.begin); token.begin < found.begin; token = place_.Next(token)) {
      const std::string_view word = TextOf(token);
      if (word == "set" || word == "when" || word == "if" || word == "given" || word == "expect") verb = word;
    }
    if (verb != "set" && verb != "given") return Comparison("is");
    diagnostic_.fixes = {Replace(place_.SpanOf(found.begin, place_.Next(found).begin), "")};
    return Say("a value follows its property at once, like `" + std::string(verb == "set" ? "set " : "") + "status New`");
  }

  // ---- lengths of time ---------------------------------------------------------------------------------------
  bool Durations() {
    const bool wait = Expects(Label::kWait) || Expects(Label::kTestWait);
    if (wait || Expects(Label::kDuration)) {
      if (const auto number = RightOf(kNumberWords, word_); !number.empty()) return Write(std::string(number));
    }
    if (wait && word_ == "for") return LeaveOut(Found());
    if (Expects(Label::kBeforeOrAfter) && word_ == "prior") {
      const Token to = Next();
      return Instead(place_.SpanOf(Found().begin, TextOf(to) == "to" ? to.end : Found().end), "before", "write `before`");
    }
    if (Expects(Label::kOfTrigger) && (word_ == "after" || word_ == "from")) return Write("of");
    if (Expects(Label::kDueIn) && word_ == "tomorrow") return Write("in 1 day");
    if (Expects(Label::kDueIn) && (word_ == "within" || word_ == "after")) return Write("in");
    return false;
  }

  // ---- `,`, `and`, `or` ----------------------------------------------------------------------------------------
  bool Joints() {
    const bool joint = word_ == "," || word_ == "or" || word_ == "and";
    if (!joint) return false;
    const Token before = Before();
    if (Expects(Label::kValue) && word_ != "," && TextOf(before) == ",") return LeaveOut(Found());
    if (Expects(Label::kClosingParen)) return Comma(before, "values in parentheses are parted by commas");
    if (word_ == "," && before.kind == Token::Kind::kNumber && Touches(before, Found()) && Next().kind == Token::Kind::kNumber &&
        Touches(Found(), Next())) {
      // `1,5` may be one and a half.
      diagnostic_.fixes = {Replace(place_.SpanOf(Found()), "")};
      diagnostic_.fixes.front().safe = false;
      return Say("a number is written without commas");
    }
    if (Expects(Label::kDeclaration) && word_ != "," && IsOptionLine()) return Comma(before, "options are parted by commas");
    if (word_ == "," && TextOf(place_.FirstOfLine(Found().begin)) == "expect") return Say("what is expected is joined by `and`");
    if (!place_.ExpectsAction()) return false;
    if (const auto list = ValuesBefore()) {
      diagnostic_.fixes = {*list};
      diagnostic_.fixes.front().safe = false;
      return Say("one of several values is asked for with `in`, like `" + list->edits.front().replacement + "`");
    }
    if (word_ != "and" && IsInTrigger()) return Say("a rule has one trigger: write a rule for each, or `when … or …` for what is so");
    return false;
  }

  bool Comma(const Token& before, std::string help) { return Instead(place_.SpanOf(before.end, Found().end), ",", std::move(help)); }

  bool IsOptionLine() const {
    bool options = false;
    for (Token token = place_.FirstOfLine(Found().begin); token.begin < Found().begin; token = place_.Next(token)) {
      const std::string_view word = TextOf(token);
      options = options || word == "start" || word == "process" || word == "outcome" || word == "stages" ||
                (word == "one" && TextOf(place_.Next(token)) == "of");
    }
    return options;
  }

  // Whether nothing but the trigger of a rule has been read.
  bool IsInTrigger() const {
    Token token = NextToken(place_.text(), place_.begin());
    if (TextOf(token) == "rule") token = place_.Next(place_.Next(token));
    if (TextOf(token) != "on" && TextOf(token) != "after") return false;
    for (token = place_.Next(token); token.begin < Found().begin; token = place_.Next(token)) {
      const std::string_view word = TextOf(token);
      if (word == "when" || word == "is" || word == "in" || word == "with" || word == "until") return false;
    }
    return true;
  }

  // `status is New, Open or Connected`: the comparison as it is meant.
  std::optional<Fix> ValuesBefore() const {
    Token is;
    for (Token token = place_.FirstOfLine(Found().begin); token.begin < Found().begin; token = place_.Next(token)) {
      if (TextOf(token) == "is") is = token;
    }
    if (is.kind == Token::Kind::kEnd) return std::nullopt;
    Token first = place_.Next(is);
    const bool negated = TextOf(first) == "not";
    if (negated) first = place_.Next(first);
    const ValueList list = ValuesFrom(place_.text(), first);
    if (list.values.empty()) return std::nullopt;
    return Replace(place_.SpanOf(is.begin, list.end), (negated ? "not in " : "in ") + list.values);
  }

  // ---- types, options ------------------------------------------------------------------------------------------
  bool Types() {
    if (!Expects(Label::kType)) return false;
    const Token last = diagnostic_.span == place_.SpanOf(Found()) ? Found() : place_.Last();
    if (const auto type = RightOf(kForeignTypes, InSmallLetters(TextOf(last))); !type.empty()) {
      const std::string right(type);
      if (right.starts_with("one of")) return Say("write `" + right + "`, with its options");
      return Instead(place_.SpanOf(last), right, "write `" + right + "`");
    }
    const Token event = place_.FirstOfLine(place_.begin());
    const Token name = place_.Next(event);
    if (TextOf(event) == "event" && name.begin < place_.begin() && name.kind == Token::Kind::kWord) {
      const std::string words(place_.text().substr(name.begin, last.end - name.begin));
      return Say("an event of several words stands in quotation marks: `\"" + words + "\"`");
    }
    if (Found().kind == Token::Kind::kNumber && TextOf(Before()) == "of")
      return Say("an option that is a number stands in quotation marks: `\"" + std::string(word_) + "\"`");
    return false;
  }

  bool Options() {
    if (Found().kind != Token::Kind::kWord || Found().starts_line) return false;
    if (Expects(Label::kColon)) return Say("an option of several words stands in quotation marks, like `\"New Lead\": \"Neu\"`");
    const std::string_view first = TextOf(place_.FirstOfLine(Found().begin));
    const bool options = first == "status" || first == "start" || first == "process" || first == "outcome" || first == "property";
    return options && Expects(Label::kDeclaration) && !IsPlainKeyword(word_) &&
           Say("an option of several words stands in quotation marks, like `\"New Lead\"`");
  }

  // ---- actions -------------------------------------------------------------------------------------------------
  bool Actions() {
    const std::string_view begin = TextOf(NextToken(place_.text(), place_.begin()));
    if (Expects(Label::kTaskOrDeal) && IsArticle()) return LeaveOut(Found());
    if (Expects(Label::kSequence) && word_ == "if") return Write(begin == "sequence" ? "when" : "sequence");
    if (Expects(Label::kSequence) && word_ == "when") {
      const bool rule = begin == "on" || begin == "after" || begin == "when" || begin == "rule" || begin == "every";
      return Say(rule ? "a rule says `until`, before its first action" : "`stop when` stands before the first step");
    }
    if (Expects(Label::kText) && word_ == "to" && TextOf(Before()) == "email")
      return Say("an e-mail goes to the contact itself: `send email \"intro\"`");
    if (Expects(Label::kWhenOrEach) && !IsFirstOnLine(place_.begin())) return Say("points stand first, like `+5 when email opened`");
    return false;
  }

  bool IsFirstOnLine(std::size_t at) const { return place_.FirstOfLine(at).begin == at; }

  // ---- tests ---------------------------------------------------------------------------------------------------
  bool Tests() {
    if (Expects(Label::kEndOfExpectation)) return Say("an `or` among what is expected stands in parentheses");
    if (Expects(Label::kGiven) && word_ == "contact") return Write("a contact");
    if (Expects(Label::kTimes)) return Instead(place_.SpanOf(Before()), " and", "what is expected is joined by `and`");
    if (!Expects(Label::kExpectation) || Found().kind != Token::Kind::kNumber) return false;
    const Token thing = Next();
    std::string what(TextOf(thing));
    if (what.ends_with('s')) what.pop_back();
    const auto& things = LabelKeywords(Label::kExpectedThing);
    if (!Contains(things, what)) return Say("how many times comes last, like `expect task \"Call\", 2 times`");
    const std::string right = what + ", " + std::string(word_) + " times";
    return Instead(place_.SpanOf(Found().begin, thing.end), right, "write `expect " + right + "`");
  }

  // ---- numbers -------------------------------------------------------------------------------------------------
  bool Numbers() {
    const Token before = Before();
    const Token next = Next();
    const bool number_before = before.kind == Token::Kind::kNumber;
    const bool number_next = next.kind == Token::Kind::kNumber;
    if (word_ == "." && number_next && Touches(Found(), next) && !(number_before && Touches(before, Found())))
      return Instead(place_.SpanOf(Found()), "0.", "write `0." + std::string(TextOf(next)) + "`");
    if (word_ == "to" && number_before && number_next)
      return Instead(place_.SpanOf(before.end, next.begin), "..",
                     "write `" + std::string(TextOf(before)) + ".." + std::string(TextOf(next)) + "`");
    for (const std::string_view currency : {"$", "€", "£", "¥"}) {
      if (word_ != currency) continue;
      diagnostic_.fixes = {Replace(place_.SpanOf(number_next ? Found().begin : before.end, number_next ? next.begin : Found().end), "")};
      return Say("an amount of money is a number alone, like `100`");
    }
    if (Expects(Label::kPoints) && Found().kind == Token::Kind::kNumber && Found().starts_line)
      return Instead(place_.SpanOf(Found().begin, Found().begin), "+", "points have a sign, like `+" + std::string(word_) + "`");
    return false;
  }

  // ---- words of other sentences ----------------------------------------------------------------------------------
  bool AnotherSentence() {
    if (word_ == "not" && (place_.ExpectsAction() || Expects(Label::kDeclaration))) {
      const std::string_view next = TextOf(Next());
      if (next == "contains" || next == "starts" || next == "ends" || next == "matches")
        return Say("`not` stands before the condition, like `not city contains \"x\"`");
    }
    if (!Expects(Label::kDeclaration)) return false;
    if (word_ == "and") return Say("actions follow one another without `and`");
    if (Found().kind == Token::Kind::kNumber && TextOf(Next()) == "when") return Say("points have a sign, like `+10`");
    if (word_ == "end") return Say("`end` closes an `if`, a `split` or an `otherwise do`");
    if (word_ == "else" || word_ == "then") return Say("it belongs to an `if`, which `end` closes");
    if (word_ == "otherwise") return Say("`otherwise` stands after `wait until …`, or after the `expect …` of `within …`");
    const bool sign = Found().kind == Token::Kind::kSign && word_.find_first_of("+-*/") == 0 && word_ != "->";
    if (sign) return Say("a calculation has a space on both sides of its sign, like `set total budget + 5`");
    for (const std::string_view modifier : {"once", "at", "every", "until"}) {
      if (word_ == modifier) return Say("it stands between the trigger and the first action");
    }
    if (word_ == "by") return Say("a rule that a person starts has a name, like `rule \"Reset\" by hand`");
    if (word_ == "{") return Say("braces stand in texts, and in tests for a column of the table");
    if (Contains(LabelKeywords(Label::kAction), word_))
      return Say("an action needs something that sets it off, like `on SQL set status New`");
    return false;
  }

  // ---- names and texts -------------------------------------------------------------------------------------------
  // A word of the language where a name is wanted.
  bool Names() {
    const Token first = NextToken(place_.text(), place_.begin());
    if (Expects(Label::kTriggerPhrase) && TextOf(first) == "on" && !IsFirstOnLine(first.begin)) {
      diagnostic_ = place_.Unexpected(first, "another action");
      return Say("as a value it stands in quotation marks: `\"on\"`");
    }
    const bool name = Expects(Label::kName) || Expects(Label::kProperty) || Expects(Label::kOption) || Expects(Label::kSetPhrase);
    const bool value = place_.ExpectsAction() && (word_ == "on" || word_ == "end" || word_ == "test") && IsPlainKeyword(TextOf(Next()));
    const bool reserved = word_ == "set" || word_ == "when" || word_ == "on" || word_ == "after" || word_ == "and" || word_ == "or" ||
                          word_ == "not" || word_ == "end" || word_ == "rule" || word_ == "test";
    if (!reserved || Found().starts_line || !(name || value)) return false;
    diagnostic_.fixes = {{{{place_.SpanOf(Found()), "\"" + std::string(word_) + "\""}}, {}, false}};
    if (!place_.ReadsWith(diagnostic_.fixes.front())) {
      diagnostic_.fixes.clear();
      if (!name) return false;
    }
    return Say("it is a word of the language; as a name it stands in quotation marks: `\"" + std::string(word_) + "\"`");
  }

  // Words where a text is wanted: all of them up to the next keyword, an address as a whole.
  bool Texts() {
    if (!Expects(Label::kText) || Found().kind != Token::Kind::kWord || Found().starts_line) return false;
    Token last = Found();
    const Token second = Next();
    if (GoesOnAfterText(word_) && !Touches(last, second)) return false;
    for (Token next = second; next.kind != Token::Kind::kEnd && next.kind != Token::Kind::kText; next = place_.Next(next)) {
      const bool goes_on = Touches(last, next) || (!next.starts_line && next.kind == Token::Kind::kWord && !GoesOnAfterText(TextOf(next)));
      if (!goes_on) break;
      last = next;
    }
    const std::string quoted = "\"" + std::string(place_.text().substr(Found().begin, last.end - Found().begin)) + "\"";
    const Fix fix = Replace(place_.SpanOf(Found().begin, last.end), quoted);
    if (!place_.ReadsWith(fix)) return false;
    diagnostic_.span.end = static_cast<std::uint32_t>(last.end);
    diagnostic_.message = "expected " + place_.Expected() + ", found `" + quoted.substr(1, quoted.size() - 2) + "`";
    diagnostic_.fixes = {fix};
    return Say("write `" + quoted + "`");
  }

  // Words that a sentence may go on with behind a text.
  static bool GoesOnAfterText(std::string_view word) {
    constexpr auto kWords = std::to_array<std::string_view>({"in", "to", "with", "by", "at", "due", "priority", "level", "time", "times",
                                                             "business", "holidays", "subject", "body", "manager", "is", "not", "fired"});
    return IsPlainKeyword(word) || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  }

  // ---- letters ---------------------------------------------------------------------------------------------------
  bool Letters() {
    for (const std::string_view quote : {"“", "”", "„", "«", "'", "‘", "’"}) {
      if (word_ == quote) return Say("texts stand in straight quotation marks, like `\"New Lead\"`");
    }
    if (Found().kind != Token::Kind::kSign) return false;
    const CodePoint point = DecodeFirst(word_);
    if (IsInvisible(point.value)) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      std::string name = "U+";
      for (int shift = point.value > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4) name += kDigits[(point.value >> shift) & 0xFU];
      diagnostic_.message = "expected " + place_.Expected() + ", found an invisible sign (" + name + ")";
      diagnostic_.fixes = {Replace(diagnostic_.span, "")};
      return Say("leave it out; it is often copied along with a text");
    }
    return point.value >= 0x80 && Say("a name with other signs than letters and digits stands in quotation marks");
  }

  const Place& place_;
  Diagnostic& diagnostic_;
  std::string_view word_;
};

}  // namespace

bool AddAdvice(const Place& place, Diagnostic& diagnostic) { return Adviser(place, diagnostic).Advise(); }

}  // namespace stagecraft::syntax
