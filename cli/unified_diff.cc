#include "cli/unified_diff.h"

#include <fmt/format.h>

#include <dtl/dtl.hpp>
#include <vector>

#include "cli/terminal.h"

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

std::string Shown(const Change& change, bool colour) {
  std::string line = change.first;
  const bool whole = line.ends_with('\n');
  if (whole) line.pop_back();
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

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after, bool colour) {
  if (before == after) return {};
  dtl::Diff<std::string> diff(LinesOf(before), LinesOf(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::string text = Styled(fmt::format("--- {}", name), Style::kBold, colour) + "\n";
  text += Styled(fmt::format("+++ {}", name), Style::kBold, colour) + "\n";
  for (const auto& hunk : diff.getUniHunks()) {
    text += Styled(fmt::format("@@ -{},{} +{},{} @@", hunk.a, hunk.b, hunk.c, hunk.d), Style::kDim, colour) + "\n";
    for (const auto* part : {&hunk.common[0], &hunk.change, &hunk.common[1]}) {
      for (const Change& change : *part) text += Shown(change, colour);
    }
  }
  return text;
}

}  // namespace stagecraft::cli
