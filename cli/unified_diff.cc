#include "cli/unified_diff.h"

#include "cli/terminal.h"
#include "dsl/support/diff_lines.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

using Kind = DiffLine::Kind;

std::string Shown(const DiffLine& line, const DiffStyle& style) {
  const bool is_of_text = line.kind == Kind::kSame || line.kind == Kind::kAdded || line.kind == Kind::kRemoved;
  const std::string text = std::string(MarkOf(line.kind)) + (is_of_text && style.at_terminal ? OneLine(line.text, 1) : line.text);
  switch (line.kind) {
    case Kind::kBefore:
    case Kind::kAfter:
      return Styled(text, Style::kBold, style.colour);
    case Kind::kPlace:
      return Styled(text, Style::kDim, style.colour);
    case Kind::kAdded:
      return Styled(text, Style::kGreen, style.colour);
    case Kind::kRemoved:
      return Styled(text, Style::kRed, style.colour);
    case Kind::kSame:
    case Kind::kNoEnd:
      break;
  }
  return text;
}

}  // namespace

DiffStyle DiffOn(std::FILE* stream) { return {HasColour(stream), IsTerminal(stream)}; }

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after, const DiffStyle& style) {
  std::string text;
  for (const DiffLine& line : DiffLines(name, before, after)) text += Shown(line, style) + "\n";
  return text;
}

}  // namespace stagecraft::cli
