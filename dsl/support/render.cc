#include "dsl/support/render.h"

#include <algorithm>
#include <string_view>

#include "dsl/support/check.h"
#include "dsl/support/text.h"

namespace stagecraft {

namespace {

constexpr std::size_t kTabColumns = 4;
// Beyond this a line wraps in any terminal and the caret stands nowhere; scripts written by people stay below it.
constexpr std::size_t kLineColumnsMax = 160;
constexpr std::size_t kColumnsBeforeSpan = 60;
constexpr std::string_view kEllipsis = "…";

struct Ink {
  std::string_view severity, bold, gutter, reset;
};

Ink InkFor(Severity severity, bool colour) {
  if (!colour) return {};
  constexpr std::string_view kBold = "\x1b[1m";
  constexpr std::string_view kBlue = "\x1b[1;34m";
  constexpr std::string_view kReset = "\x1b[0m";
  switch (severity) {
    case Severity::kError:
      return {"\x1b[1;31m", kBold, kBlue, kReset};
    case Severity::kWarning:
      return {"\x1b[1;33m", kBold, kBlue, kReset};
    case Severity::kHint:
      return {"\x1b[1;36m", kBold, kBlue, kReset};
  }
  return {};
}

// Text that a terminal shows in exactly DisplayWidth columns: tabs become spaces, control characters and bad bytes a sign.
std::string Printable(std::string_view text, std::size_t column) {
  std::string out;
  const std::size_t start = column;
  while (!text.empty()) {
    const CodePoint point = DecodeFirst(text);
    const std::string_view bytes = text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
    if (point.value == '\t') {
      out.append(kTabColumns - (start + DisplayWidth(out)) % kTabColumns, ' ');
    } else if (point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0) || point.value == 0xFFFD) {
      out += "\xEF\xBF\xBD";
    } else {
      out += bytes;
    }
  }
  return out;
}

// The longest part of `text` at its front (or at its end) that takes at most `columns`, on a border of letters.
std::string_view Clip(std::string_view text, std::size_t columns, bool front) {
  std::size_t kept = 0;
  std::size_t width = 0;
  if (front) {
    while (kept < text.size()) {
      const CodePoint point = DecodeFirst(text.substr(kept));
      width += std::max<std::size_t>(DisplayWidth(text.substr(kept, point.bytes)), 1);
      if (width > columns) break;
      kept += point.bytes;
    }
    return text.substr(0, kept);
  }
  std::size_t begin = text.size();
  while (begin > 0) {
    std::size_t previous = begin - 1;
    while (previous > 0 && (static_cast<unsigned char>(text[previous]) & 0xC0U) == 0x80U) --previous;
    width += std::max<std::size_t>(DisplayWidth(text.substr(previous, begin - previous)), 1);
    if (width > columns) break;
    begin = previous;
  }
  return text.substr(begin);
}

struct MarkedLine {
  std::string before, marked, after;
};

MarkedLine MarkLine(const Source& source, const Span& span, const Position& position) {
  const std::string_view line = source.Line(position.line);
  const auto line_begin = static_cast<std::size_t>(line.data() - source.text().data());
  const std::size_t begin = std::min<std::size_t>(span.begin - std::min<std::size_t>(line_begin, span.begin), line.size());
  const std::size_t end = std::clamp<std::size_t>(span.end < line_begin ? 0 : span.end - line_begin, begin, line.size());
  std::string_view before = line.substr(0, begin);
  std::string_view marked = line.substr(begin, end - begin);
  std::string_view after = line.substr(end);
  MarkedLine result;
  if (line.size() > kLineColumnsMax) {
    const std::string_view near = Clip(before, kColumnsBeforeSpan, false);
    if (near.size() < before.size()) result.before = kEllipsis;
    before = near;
    marked = Clip(marked, kLineColumnsMax - kColumnsBeforeSpan, true);
    after = marked.size() < end - begin
                ? std::string_view{}
                : Clip(after, kLineColumnsMax - kColumnsBeforeSpan - std::min(marked.size(), kLineColumnsMax - kColumnsBeforeSpan), true);
    if (before.size() + marked.size() + after.size() < line.size() && begin + marked.size() + after.size() < line.size())
      result.after = kEllipsis;
  }
  result.before += Printable(before, DisplayWidth(result.before));
  result.marked = Printable(marked, DisplayWidth(result.before));
  result.after = Printable(after, DisplayWidth(result.before) + DisplayWidth(result.marked)) + result.after;
  return result;
}

// The rest of a line may hold only spaces: nothing to see, and tests compare whole texts.
void AppendTrimmedLine(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line;
  out += '\n';
}

}  // namespace

std::string Render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options) {
  STAGECRAFT_CHECK(diagnostic.span.source < sources.size());
  const Source& source = sources[diagnostic.span.source];
  const Position position = source.PositionAt(diagnostic.span.begin);
  const Ink ink = InkFor(diagnostic.severity, options.colour);
  const std::string number = std::to_string(position.line);
  const std::string margin(number.size(), ' ');
  const auto gutter = [&ink](std::string_view text) { return std::string(ink.gutter) + std::string(text) + std::string(ink.reset); };

  std::string out;
  out += ink.severity;
  out += std::string(SeverityName(diagnostic.severity)) + "[" + CodeName(diagnostic.code) + "]";
  out += ink.reset;
  out += ": ";
  out += ink.bold;
  out += Printable(diagnostic.message, 0);
  out += ink.reset;
  out += '\n';
  out += margin + gutter("┌") + " " + source.name() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + "\n";

  const MarkedLine line = MarkLine(source, diagnostic.span, position);
  AppendTrimmedLine(out, gutter(number + " │") + " " + line.before + line.marked + line.after);
  std::string carets(DisplayWidth(line.before), ' ');
  carets += ink.severity;
  carets += std::string(std::max<std::size_t>(DisplayWidth(line.marked), 1), '^');
  if (!diagnostic.label.empty()) carets += " " + Printable(diagnostic.label, 0);
  carets += ink.reset;
  out += gutter(margin + " │") + " " + carets + "\n";

  bool first = true;
  for (const std::string& help : diagnostic.help) {
    out += margin + " " + gutter("=") + (first ? " help: " : " ") + Printable(help, 0) + "\n";
    first = false;
  }
  return out;
}

std::string Render(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources, const RenderOptions& options) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += '\n';
    out += Render(diagnostic, sources, options);
  }
  return out;
}

}  // namespace stagecraft
