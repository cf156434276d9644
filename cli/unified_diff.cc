#include "cli/unified_diff.h"

#include <fmt/format.h>

#include <dtl/dtl.hpp>
#include <vector>

#include "cli/terminal.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

using Lines = std::vector<std::string>;
using Change = std::pair<std::string, dtl::elemInfo>;

// With their line breaks, so that a last line without one is another line.
Lines LinesOf(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// In quotation marks where it would not stay one line, or not be what it looks like.
std::string HeadName(std::string_view name) {
  if (OneLine(name) == name && !name.starts_with('"')) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F) {
      quoted += fmt::format("\\{:03o}", byte);
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string Shown(const Change& change, const DiffStyle& style) {
  const bool colour = style.colour;
  std::string line = change.first;
  const bool whole = line.ends_with('\n');
  if (whole) line.pop_back();
  if (style.at_terminal) line = OneLine(line, 1);
  switch (change.second.type) {
    case dtl::SES_ADD:
      line = Styled("+" + line, Style::kGreen, colour);
      break;
    case dtl::SES_DELETE:
      line = Styled("-" + line, Style::kRed, colour);
      break;
    default:
      line.insert(0, " ");
  }
  return line + (whole ? "\n" : "\n\\ No newline at end of file\n");
}

}  // namespace

DiffStyle DiffOn(std::FILE* stream) { return {HasColour(stream), IsTerminal(stream)}; }

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after, const DiffStyle& style) {
  if (before == after) return {};
  dtl::Diff<std::string> diff(LinesOf(before), LinesOf(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  const std::string head = HeadName(name);
  std::string text = Styled("--- " + head, Style::kBold, style.colour) + "\n";
  text += Styled("+++ " + head, Style::kBold, style.colour) + "\n";
  for (const auto& hunk : diff.getUniHunks()) {
    text += Styled(fmt::format("@@ -{},{} +{},{} @@", hunk.a, hunk.b, hunk.c, hunk.d), Style::kDim, style.colour) + "\n";
    for (const auto* part : {&hunk.common[0], &hunk.change, &hunk.common[1]}) {
      for (const Change& change : *part) text += Shown(change, style);
    }
  }
  return text;
}

}  // namespace stagecraft::cli
