#include "dsl/sema/reporter.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

// Nobody reads a longer list under a caret.
constexpr std::size_t kChoicesMax = 5;

// Of thousands of mistakes among thousands of names not each gets a suggestion: nobody sees them all.
constexpr std::size_t kComparisonsMax = 400'000;

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

std::string Tick(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string AsWritten(std::string_view name) {
  const bool words_only =
      !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 && std::all_of(name.begin(), name.end(), IsWordByte);
  return words_only ? std::string(name) : "\"" + std::string(name) + "\"";
}

Reporter::Reporter(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics), comparisons_left_(kComparisonsMax) {}

Diagnostic& Reporter::Report(Code code, Span span, std::string message, std::string label) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.severity = CodeSeverity(code);
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  diagnostic.label = std::move(label);
  diagnostics_.push_back(std::move(diagnostic));
  return diagnostics_.back();
}

bool Reporter::HasFindingIn(Span span) const {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.span.source == span.source && diagnostic.span.begin >= span.begin && diagnostic.span.end <= span.end;
  });
}

bool Reporter::IsSpoiled(std::string_view written) const {
  if (spoiled_.empty()) return false;
  // A phrase is unknown as a whole, also where only its first words are the missing name.
  std::string folded = FoldCase(written);
  while (spoiled_.count(folded) == 0) {
    const std::size_t space = folded.rfind(' ');
    if (space == std::string::npos) return false;
    folded.resize(space);
  }
  return true;
}

Diagnostic* Reporter::ReportUnknown(Code code, Span span, std::string_view written, std::string message, std::string label,
                                    const std::vector<std::string>& candidates, char quote) {
  if (IsSpoiled(written)) return nullptr;
  Diagnostic& diagnostic = Report(code, span, std::move(message), std::move(label));
  if (!MaySuggest(candidates.size())) return &diagnostic;
  comparisons_left_ -= candidates.size();
  const std::optional<Suggestion> nearest = Suggest(written, candidates);
  if (nearest.has_value()) {
    const std::string& name = nearest->name;
    diagnostic.help.push_back(std::string("did you mean ") + quote + name + quote + "?");
    const bool was_quoted = span.end - span.begin > written.size();
    diagnostic.fixes = {Replace(span, was_quoted ? "\"" + name + "\"" : quote == '"' ? AsWritten(name) : name)};
    // A name in quotation marks may be one that is still to be declared, and another list or template is another script.
    diagnostic.fixes.front().safe = nearest->sure && !was_quoted;
  }
  return &diagnostic;
}

void Reporter::AddChoices(Diagnostic& diagnostic, std::string_view prefix, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::string line(prefix);
  for (std::size_t i = 0; i < names.size() && i < kChoicesMax; ++i) line += (i == 0 ? " " : ", ") + names[i];
  if (names.size() > kChoicesMax) line += ", …";
  diagnostic.help.push_back(std::move(line));
}

}  // namespace stagecraft::sema
