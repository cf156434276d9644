// Declarations are read one by one; after a failure reading goes on at the next line that begins like a
// declaration and is not indented deeper than the one that failed.
#include "dsl/syntax/parser.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/beside.h"
#include "dsl/support/text.h"
#include "dsl/syntax/actions.h"
#include "dsl/syntax/allowance.h"
#include "dsl/syntax/failure.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::syntax {

namespace {

namespace pegtl = tao::pegtl;
using grammar::Input;

// Besides the shapes that end a phrase: what is certain enough once something is wrong.
struct alone_on_line : pegtl::seq<pegtl::sor<grammar::kw_status, grammar::kw_score>, grammar::line_start> {};
struct named_by_a_word : pegtl::seq<grammar::text_keyword, grammar::name_shape> {};
struct form : pegtl::seq<grammar::kw_form, grammar::quoted_shape> {};
struct timed : pegtl::sor<grammar::length_shape, pegtl::seq<grammar::kw_within, pegtl::digit>> {};
struct declaration_start
    : pegtl::sor<grammar::look_apart<grammar::declaration_shape>, grammar::kw_when, grammar::kw_rule, alone_on_line, named_by_a_word, form,
                 timed, grammar::kw_every, grammar::kw_always, grammar::kw_never, grammar::kw_moves, grammar::capital_declaration> {};

std::optional<Diagnostic> Unreadable(const Source& source, std::uint32_t source_index, const Limits& limits) {
  const auto error = [source_index](Code code, std::size_t at, std::string message) {
    const auto begin = static_cast<std::uint32_t>(at);
    return Diagnostic{code, CodeSeverity(code), {source_index, begin, begin + 1}, std::move(message), {}, {}, {}, {}};
  };
  if (source.text().size() > limits.source_bytes_max) {
    return error(Code::kSourceTooLong, 0,
                 "the file has " + std::to_string(source.text().size()) + " bytes; at most " + std::to_string(limits.source_bytes_max) +
                     " are read");
  }
  if (const auto at = InvalidUtf8(source.text())) {
    Diagnostic diagnostic = error(Code::kInvalidUtf8, *at, "the file is not valid UTF-8");
    diagnostic.label = "this byte";
    diagnostic.help.emplace_back("save the file in the encoding UTF-8");
    return diagnostic;
  }
  return std::nullopt;
}

// Declarations whose lines are names that others use: options, fields, stages.
bool DeclaresParts(const Declaration& declaration) {
  return std::holds_alternative<StatusDecl>(declaration.node) || std::holds_alternative<PropertyDecl>(declaration.node) ||
         std::holds_alternative<EventDecl>(declaration.node) || std::holds_alternative<PipelineDecl>(declaration.node);
}

// Longer ones are not read again for each fix that is thought of.
constexpr std::size_t kSentenceMax = 65'536;

// The text, which begins at `offset` of its source, with the fix made.
std::string Mended(std::string_view text, std::size_t offset, const Fix& fix) {
  std::vector<Edit> edits = fix.edits;
  for (Edit& edit : edits) {
    edit.span.begin -= static_cast<std::uint32_t>(offset);
    edit.span.end -= static_cast<std::uint32_t>(offset);
  }
  return ApplyEdits(text, std::move(edits));
}

// Whether a piece of a script has no mistakes.
bool Reads(const Source& source, const Limits& limits) {
  Builder builder(source, 0, limits);
  Input in(source.text().data(), source.text().data() + source.text().size(), "");
  pegtl::parse<grammar::white_space>(in, builder);
  while (!in.empty()) {
    if (!pegtl::parse<grammar::declaration, grammar::action>(in, builder)) return false;
    builder.parts().clear();
  }
  return builder.diagnostics().empty();
}

class FileParser {
 public:
  // `begin`: where a declaration begins, or 0.
  FileParser(const Source& source, std::uint32_t source_index, const Limits& limits, std::size_t begin = 0)
      : text_(source.text()), builder_(source, source_index, limits), in_(text_.data(), text_.data() + text_.size(), "") {
    result_.script.source = source_index;
    in_.bump(begin);
    blank_ = pegtl::parse<grammar::white_space>(in_, builder_);
  }

  std::size_t at() const { return in_.byte(); }

  // Reads the declarations that begin before `end`.
  void ReadTo(std::size_t end) {
    while (blank_ && !in_.empty() && in_.byte() < end && builder_.diagnostics().size() <= builder_.limits().diagnostics_max) {
      if (pegtl::parse<grammar::declaration, grammar::action>(in_, builder_)) {
        TakeDeclaration();
      } else {
        Recover();
      }
    }
  }

  // Whether everything that was read is without mistakes.
  bool reads() { return builder_.diagnostics().empty(); }

  // Takes over what another parser has read from here to the end, where that is without mistakes.
  void Append(FileParser&& rest) {
    std::vector<Declaration>& all = result_.script.declarations;
    std::vector<Declaration>& more = rest.result_.script.declarations;
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  ParseResult TakeResult() {
    result_.diagnostics = std::move(builder_.diagnostics());
    std::stable_sort(result_.diagnostics.begin(), result_.diagnostics.end(),
                     [](const Diagnostic& left, const Diagnostic& right) { return left.span.begin < right.span.begin; });
    return std::move(result_);
  }

 private:
  void TakeDeclaration() {
    indentation_ = Indentation(builder_.parts().front().span.begin);
    for (Part& part : builder_.parts()) result_.script.declarations.push_back(std::move(std::get<Declaration>(part.value)));
    builder_.parts().clear();
  }

  // Where the line of `at` begins. Asked in ascending order for the most part: a long line is looked through once.
  std::size_t LineStart(std::size_t at) {
    const bool onward = at >= looked_to_;
    const std::size_t from = onward ? looked_to_ : 0;
    const std::size_t end = text_.substr(from, at - from).rfind('\n');
    const std::size_t start = end != std::string_view::npos ? from + end + 1 : onward ? line_start_ : 0;
    if (onward) {
      looked_to_ = at;
      line_start_ = start;
    }
    return start;
  }

  std::size_t Indentation(std::size_t at) {
    const std::size_t line = LineStart(at);
    return std::min(text_.find_first_not_of(" \t", line), at) - line;
  }

  // The lines from `begin` to `end` are a lost part of the declaration before: what they name is not unknown, only not read.
  void KeepLostParts(std::size_t begin, std::size_t end) {
    for (Token token = NextToken(text_, begin); token.kind != Token::Kind::kEnd && token.begin < end; token = NextToken(text_, token.end)) {
      if (token.kind != Token::Kind::kWord && token.kind != Token::Kind::kText) continue;
      std::string_view name = token.In(text_);
      if (token.kind == Token::Kind::kText) name = name.substr(1, name.find('"', 1) - 1);
      const Span span{result_.script.source, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)};
      result_.script.lost_names.push_back({{{Term::Kind::kWord, std::string(name), 0, span}}, span});
    }
  }

  void Recover() {
    const std::size_t begin = in_.byte();
    SkipToNext();
    const std::vector<Declaration>& declarations = result_.script.declarations;
    if (!declarations.empty() && DeclaresParts(declarations.back()) && !StartsDeclaration(begin)) KeepLostParts(begin, in_.byte());
  }

  void SkipToNext() {
    const auto begin = static_cast<std::uint32_t>(in_.byte());
    DropMissingValueBefore(builder_.furthest(), begin);
    // What begins no declaration belongs to the one before, whose lines may begin like declarations (`when` in a test).
    const bool starts = StartsDeclaration(begin);
    if (starts) indentation_ = Indentation(begin);
    if (!result_.script.declarations.empty()) CutShort(result_.script.declarations.back(), begin, starts);
    const std::size_t end = NextDeclaration(begin, std::min(indentation_, Indentation(begin)));
    const auto reads_with = [&](const Fix& fix) { return ReadsWith(fix, begin, end); };
    builder_.diagnostics().push_back(DescribeFailure(builder_, {begin, static_cast<std::uint32_t>(end), reads_with}));
    builder_.ForgetLimits();
    if (auto name = LostName(builder_, begin)) result_.script.lost_names.push_back(std::move(*name));
    in_.bump(end - begin);
  }

  // A test of which a step cannot be read is not judged by what is left of it: `test "NAME"` is among what is lost.
  void CutShort(const Declaration& before, std::uint32_t begin, bool starts) {
    const auto* test = std::get_if<TestDecl>(&before.node);
    const bool deeper = Indentation(begin) > Indentation(before.span.begin);
    if (test == nullptr || (starts && !deeper)) return;
    const Term keyword{Term::Kind::kWord, "test", 0, before.span};
    result_.script.lost_names.push_back({{keyword, test->name}, before.span});
  }

  // Where reading goes on after what cannot be read.
  std::size_t NextDeclaration(std::size_t begin, std::size_t indentation) {
    const std::size_t from = std::max<std::size_t>(builder_.furthest(), begin + 1);
    std::size_t line = LineStart(std::min(from, text_.size()));
    while (line < text_.size()) {
      const std::size_t first = std::min(text_.find_first_not_of(" \t", line), text_.size());
      if (first >= from && first - line <= indentation && (StartsDeclaration(first) || IsMisspelt(first))) return first;
      const std::size_t end = text_.find('\n', line);
      line = end == std::string_view::npos ? text_.size() : end + 1;
    }
    return text_.size();
  }

  // `propety budget number`
  bool IsMisspelt(std::size_t at) const {
    const Token word = NextToken(text_, at);
    if (word.begin != at || word.kind != Token::Kind::kWord || !MisspeltDeclaration(word.In(text_))) return false;
    const Token next = NextToken(text_, word.end);
    return !next.starts_line && (next.kind == Token::Kind::kWord || next.kind == Token::Kind::kText);
  }

  // The sentence is read again, together with the declaration before where it may be a part of that.
  bool ReadsWith(const Fix& fix, std::size_t begin, std::size_t end) {
    std::size_t from = begin;
    const auto& declarations = result_.script.declarations;
    if (!declarations.empty()) {
      const Span& before = declarations.back().span;
      const bool follows = NextToken(text_, before.end).begin == begin;
      const bool own_line = text_.find_first_not_of(" \t", LineStart(begin)) == begin;
      if (follows && (!own_line || Indentation(begin) > Indentation(before.begin))) from = before.begin;
    }
    const bool inside =
        std::all_of(fix.edits.begin(), fix.edits.end(), [&](const Edit& edit) { return edit.span.begin >= from && edit.span.end <= end; });
    if (!inside || end - from > kSentenceMax) return false;
    // Its column counts.
    const std::size_t line = LineStart(from);
    const std::string text = std::string(from - line, ' ') + std::string(text_.substr(from, end - from));
    return Reads(Source("", Mended(text, line, fix)), builder_.limits());
  }

  // `set status “New”`: the value is there, only not readable, and that is reported.
  void DropMissingValueBefore(std::size_t at, std::size_t begin) {
    auto& diagnostics = builder_.diagnostics();
    if (diagnostics.empty() || diagnostics.back().code != Code::kMissingValue) return;
    const Token value = NextToken(text_, diagnostics.back().span.end);
    if (!value.starts_line && (value.begin == begin || (value.begin <= at && at <= value.end))) diagnostics.pop_back();
  }

  bool StartsDeclaration(std::size_t at) {
    Input rest(text_.data() + at, text_.data() + text_.size(), "");
    return pegtl::parse<declaration_start>(rest, builder_);
  }

  std::string_view text_;
  Builder builder_;
  Input in_;
  bool blank_ = false;  // what stands before the first declaration can be read
  ParseResult result_;
  std::size_t indentation_ = std::string_view::npos;  // of the declaration before
  std::size_t looked_to_ = 0;                         // up to here the text was looked through for lines,
  std::size_t line_start_ = 0;                        // and this is where the last one begins
};

// From here on a second thread is worth its start.
constexpr std::size_t kHalvedBytes = 256 << 10;

// A place in the middle of a large text at which a rule seems to begin; the end of it when there is none.
std::size_t LikelyMiddle(std::string_view text) {
  if (text.size() < kHalvedBytes) return text.size();
  const std::size_t line = text.find("\nrule ", text.size() / 2);
  return line == std::string_view::npos ? text.size() : line + 1;
}

// The halves of a large text are read at the same time. Only if a sentence really ends where the second half begins, and that has no
// mistakes, which are told by what stands before them, is it what reading on would have given.
ParseResult ReadFile(const Source& source, std::uint32_t source_index, const Limits& limits) {
  const std::size_t end = source.text().size();
  const std::size_t middle = LikelyMiddle(source.text());
  FileParser parser(source, source_index, limits);
  if (middle < end) {
    std::future<std::unique_ptr<FileParser>> second = Beside(true, [&] {
      auto half = std::make_unique<FileParser>(source, source_index, limits, middle);
      half->ReadTo(end);
      return half;
    });
    parser.ReadTo(middle);
    if (const std::unique_ptr<FileParser> half = second.get(); parser.at() == middle && half->at() == end && half->reads()) {
      parser.Append(std::move(*half));
      return parser.TakeResult();
    }
  }
  parser.ReadTo(end);
  return parser.TakeResult();
}

}  // namespace

ParseResult Parse(const Source& source, std::uint32_t source_index, const Limits& limits) {
  if (auto unreadable = Unreadable(source, source_index, limits)) {
    ParseResult result;
    result.script.source = source_index;
    result.diagnostics.push_back(std::move(*unreadable));
    return result;
  }
  ParseResult result = ReadFile(source, source_index, limits);
  result.script.allowances = ReadAllowances(source, source_index);
  return result;
}

ParseConditionResult ParseCondition(const Source& source, std::uint32_t source_index, const Limits& limits) {
  ParseConditionResult result;
  if (auto unreadable = Unreadable(source, source_index, limits)) {
    result.diagnostics.push_back(std::move(*unreadable));
    return result;
  }
  Builder builder(source, source_index, limits);
  builder.declarations_end_phrases = false;
  Input in(source.text().data(), source.text().data() + source.text().size(), "");
  const bool whole = pegtl::parse<grammar::only_condition, grammar::action>(in, builder);
  if (!whole) {
    const auto reads_with = [&](const Fix& fix) {
      const Source mended("", Mended(source.text(), 0, fix));
      Builder again(mended, 0, limits);
      again.declarations_end_phrases = false;
      Input text(mended.text().data(), mended.text().data() + mended.text().size(), "");
      return pegtl::parse<grammar::only_condition, grammar::action>(text, again) && again.diagnostics().empty();
    };
    builder.diagnostics().push_back(DescribeFailure(builder, {0, static_cast<std::uint32_t>(source.text().size()), reads_with}));
  }
  result.diagnostics = std::move(builder.diagnostics());
  if (result.diagnostics.empty()) result.condition = std::move(std::get<ConditionPtr>(builder.parts().front().value));
  return result;
}

}  // namespace stagecraft::syntax
