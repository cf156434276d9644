#include "dsl/support/diff_lines.h"

#include <algorithm>
#include <array>
#include <dtl/dtl.hpp>
#include <utility>

#include "dsl/support/show.h"

namespace stagecraft {
namespace {

using Kind = DiffLine::Kind;
using Change = std::pair<std::string, dtl::elemInfo>;

// With their line breaks, so that a last line without one is another line.
std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
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
    if (byte >= 0x20 && byte < 0x7F) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
      continue;
    }
    quoted += '\\';
    for (const int shift : {6, 3, 0}) quoted += static_cast<char>('0' + ((byte >> shift) & 7));
  }
  return quoted + '"';
}

Kind KindOf(const Change& change) {
  if (change.second.type == dtl::SES_ADD) return Kind::kAdded;
  return change.second.type == dtl::SES_DELETE ? Kind::kRemoved : Kind::kSame;
}

}  // namespace

std::string_view MarkOf(Kind kind) {
  constexpr std::array<std::string_view, 7> kMarks = {"--- ", "+++ ", "", " ", "-", "+", "\\ "};
  return kMarks[static_cast<std::size_t>(kind)];
}

std::vector<DiffLine> DiffLines(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  dtl::Diff<std::string> diff(LinesOf(before), LinesOf(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  const std::string head = HeadName(name);
  std::vector<DiffLine> lines = {{Kind::kBefore, head}, {Kind::kAfter, head}};
  for (const auto& hunk : diff.getUniHunks()) {
    // Where there is no line, the place is behind the one before.
    const auto range = [](long long first, long long count) {
      return std::to_string(count == 0 ? first - 1 : first) + "," + std::to_string(count);
    };
    lines.push_back({Kind::kPlace, "@@ -" + range(hunk.a, hunk.b) + " +" + range(hunk.c, hunk.d) + " @@"});
    for (const auto* part : {&hunk.common[0], &hunk.change, &hunk.common[1]}) {
      for (const Change& change : *part) {
        const bool is_whole = change.first.ends_with('\n');
        lines.push_back({KindOf(change), is_whole ? change.first.substr(0, change.first.size() - 1) : change.first});
        if (!is_whole) lines.push_back({Kind::kNoEnd, "No newline at end of file"});
      }
    }
  }
  return lines;
}

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after) {
  std::string text;
  for (const DiffLine& line : DiffLines(name, before, after)) text.append(MarkOf(line.kind)).append(line.text).append("\n");
  return text;
}

}  // namespace stagecraft
