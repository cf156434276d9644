#include "dsl/support/allowances.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "dsl/support/nearest.h"

namespace stagecraft {

namespace {

// Source, line, code.
using Place = std::tuple<std::uint32_t, std::uint32_t, Code>;

struct Permit {
  const Allowance* comment;
  bool used = false;
};

// The comment and the space before it; when it is alone in its line, the whole line.
Span CommentSpan(const Allowance& comment, std::string_view text) {
  const std::size_t line = text.rfind('\n', comment.span.begin) + 1;  // npos + 1 is the start of the text
  std::size_t begin = text.rfind('#', comment.span.begin);
  if (begin == std::string_view::npos || begin < line) begin = comment.span.begin;
  std::size_t end = std::min(text.find('\n', begin), text.size());
  while (begin > line && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  if (begin == line && end < text.size()) ++end;
  return {comment.span.source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// What to take out so that the comment does not name the code any more: of several codes only this one, with a comma beside it.
Span Removal(const Allowance& comment, const Source& source) {
  constexpr std::string_view kSpaces = " \t";
  const std::string_view text = source.text();
  const std::size_t after = std::min(text.find_first_not_of(kSpaces, comment.span.end), text.size());
  if (after < text.size() && text[after] == ',') {
    const std::size_t next = std::min(text.find_first_not_of(kSpaces, after + 1), text.size());
    return {comment.span.source, comment.span.begin, static_cast<std::uint32_t>(next)};
  }
  const std::size_t before = comment.span.begin == 0 ? std::string_view::npos : text.find_last_not_of(kSpaces, comment.span.begin - 1);
  if (before != std::string_view::npos && text[before] == ',') {
    return {comment.span.source, static_cast<std::uint32_t>(before), comment.span.end};
  }
  return CommentSpan(comment, text);
}

Diagnostic About(Code code, const Span& span, std::string message, std::string help) {
  return {code, CodeSeverity(code), span, std::move(message), {}, {std::move(help)}, {}, {}};
}

// A code in which letters stand for the digits that they look like; nothing when that is no code, either.
std::optional<Code> WithDigits(std::string code) {
  for (std::size_t i = std::min<std::size_t>(2, code.size()); i < code.size(); ++i) {
    if (code[i] == 'O' || code[i] == 'o') code[i] = '0';
    if (code[i] == 'I' || code[i] == 'l') code[i] = '1';
  }
  return FindCode(code);
}

Diagnostic NoSuchCode(const Allowance& comment) {
  Diagnostic diagnostic = About(Code::kAllowUnknownCode, comment.span, "there is no finding `" + comment.code + "`",
                                "`stagecraft check` shows the code of each finding; write `# allow SC0402: why`");
  if (const auto meant = WithDigits(comment.code)) {
    diagnostic.help.insert(diagnostic.help.begin(), "did you mean `" + CodeName(*meant) + "`?");
    diagnostic.fixes = {Replace(comment.span, CodeName(*meant))};
  } else if (const auto nearest = Nearest(comment.code, CodesInWords())) {
    diagnostic.help.insert(diagnostic.help.begin(), "did you mean `" + *nearest + "`?");
  }
  return diagnostic;
}

Diagnostic Unused(const Allowance& comment, const Source& source) {
  Diagnostic diagnostic =
      About(Code::kAllowUnused, comment.span, "nothing in line " + std::to_string(comment.line) + " gives `" + comment.code + "`",
            "take it out of the comment");
  diagnostic.fixes = {{{{Removal(comment, source), ""}}, "take it out of the comment", true}};
  return diagnostic;
}

// The comments that allow something. The others are found fault with in `faults`.
std::map<Place, Permit> PermitsOf(const std::vector<Allowance>& comments, const SourceSet& sources, std::vector<Diagnostic>& faults) {
  std::map<Place, Permit> permits;
  for (const Allowance& comment : comments) {
    const std::optional<Code> code = FindCode(comment.code);
    if (!code) {
      faults.push_back(NoSuchCode(comment));
    } else if (CodeSeverity(*code) == Severity::kError) {
      faults.push_back(About(Code::kAllowError, comment.span, "`" + comment.code + "` is an error, and errors cannot be allowed",
                             "mend what it is about, and take it out of the comment"));
    } else if (comment.reason.empty()) {
      faults.push_back(About(Code::kAllowNoReason, comment.span, "`" + comment.code + "` is allowed without a reason",
                             "say why: `# allow " + comment.code + ": sales decides this`"));
    } else if (!permits.emplace(Place{comment.span.source, comment.line, *code}, Permit{&comment}).second) {
      faults.push_back(Unused(comment, sources[comment.span.source]));
    }
  }
  return permits;
}

}  // namespace

std::vector<AllowedFinding> ApplyAllowances(const std::vector<Allowance>& comments, const SourceSet& sources,
                                            std::vector<Diagnostic>& diagnostics) {
  std::vector<AllowedFinding> allowed;
  if (comments.empty()) return allowed;
  std::vector<Diagnostic> kept;
  std::map<Place, Permit> permits = PermitsOf(comments, sources, kept);
  for (Diagnostic& diagnostic : diagnostics) {
    const Span& span = diagnostic.span;
    const auto permit = permits.find({span.source, sources[span.source].PositionAt(span.begin).line, diagnostic.code});
    if (permit == permits.end() || diagnostic.severity == Severity::kError) {
      kept.push_back(std::move(diagnostic));
      continue;
    }
    permit->second.used = true;
    allowed.push_back({std::move(diagnostic), permit->second.comment->reason});
  }
  const bool is_complete = !HasErrors(kept);
  for (const auto& [place, permit] : permits) {
    if (!permit.used && is_complete) kept.push_back(Unused(*permit.comment, sources[permit.comment->span.source]));
  }
  diagnostics = std::move(kept);
  return allowed;
}

}  // namespace stagecraft
