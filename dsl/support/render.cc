#include "dsl/support/render.h"

#include <algorithm>
#include <string_view>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/check.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft {

namespace {

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
    const std::string_view near = ClipColumns(before, kColumnsBeforeSpan, false);
    if (near.size() < before.size()) result.before = kEllipsis;
    before = near;
    marked = ClipColumns(marked, kLineColumnsMax - kColumnsBeforeSpan, true);
    const std::size_t marked_columns = std::min(marked.size(), kLineColumnsMax - kColumnsBeforeSpan);
    after =
        marked.size() < end - begin ? std::string_view{} : ClipColumns(after, kLineColumnsMax - kColumnsBeforeSpan - marked_columns, true);
    if (begin + marked.size() + after.size() < line.size()) result.after = kEllipsis;
  }
  result.before += OneLine(before, DisplayWidth(result.before));
  result.marked = OneLine(marked, DisplayWidth(result.before));
  result.after = OneLine(after, DisplayWidth(result.before) + DisplayWidth(result.marked)) + result.after;
  return result;
}

// Writes one diagnostic, line by line.
class Writer {
 public:
  Writer(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options)
      : diagnostic_(diagnostic), sources_(sources), options_(options), ink_(InkFor(diagnostic.severity, options.colour)) {
    std::uint32_t line_max = PositionOf(diagnostic.span).line;
    for (const Note& note : diagnostic.notes) line_max = std::max(line_max, PositionOf(note.span).line);
    margin_ = std::to_string(line_max).size();
  }

  std::string Write() && {
    AppendHeader(ink_.severity, std::string(SeverityName(diagnostic_.severity)) + "[" + CodeName(diagnostic_.code) + "]",
                 diagnostic_.message);
    AppendExcerpt(diagnostic_.span, diagnostic_.label);
    AppendHelp();
    for (const Note& note : diagnostic_.notes) {
      AppendHeader(ink_.bold, "note", note.message);
      AppendExcerpt(note.span, {});
    }
    return std::move(out_);
  }

 private:
  Position PositionOf(const Span& span) const {
    STAGECRAFT_CHECK(span.source < sources_.size());
    return sources_[span.source].PositionAt(span.begin);
  }

  std::string Inked(std::string_view ink, std::string_view text) const {
    return std::string(ink) + std::string(text) + std::string(ink_.reset);
  }
  std::string Gutter(std::string_view text) const { return Inked(ink_.gutter, text); }
  std::string Laid(std::string text) const { return options_.isolate ? Isolated(std::move(text)) : text; }
  std::string Shown(std::string_view text) const { return OneLine(ShortenQuotes(text)); }

  void AppendHeader(std::string_view ink, std::string_view what, std::string_view message) {
    out_ += Inked(ink, what) + ": " + Inked(ink_.bold, Laid(Shown(message))) + "\n";
  }

  void AppendExcerpt(const Span& span, std::string_view label) {
    const Source& source = sources_[span.source];
    const Position position = PositionOf(span);
    const std::string number = std::to_string(position.line);
    const std::string margin(margin_, ' ');
    out_ += margin + Gutter("┌") + " " + Laid(OneLine(source.name())) + ":" + number + ":" + std::to_string(position.column) + "\n";

    const MarkedLine line = MarkLine(source, span, position);
    std::string text =
        Gutter(std::string(margin_ - number.size(), ' ') + number + " │") + " " + Laid(line.before) + Laid(line.marked) + Laid(line.after);
    // The rest of a line may hold only spaces: nothing to see, and tests compare whole texts.
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
    std::string marks(std::max<std::size_t>(DisplayWidth(line.marked), 1), '^');
    if (!label.empty()) marks += " " + Laid(Shown(label));
    out_ += Gutter(margin + " │") + " " + std::string(DisplayWidth(line.before), ' ') + Inked(ink_.severity, marks) + "\n";
  }

  void AppendHelp() {
    bool first = true;
    for (const std::string& line : Advice(diagnostic_, sources_)) {
      out_ += std::string(margin_, ' ') + " " + Gutter("=") + (first ? " help: " : " ") + Laid(Shown(line)) + "\n";
      first = false;
    }
  }

  const Diagnostic& diagnostic_;
  const SourceSet& sources_;
  const RenderOptions& options_;
  Ink ink_;
  std::size_t margin_ = 1;  // columns of the greatest line number
  std::string out_;
};

// A fix without a title is what help speaks of.
bool IsTold(const Fix& fix, const std::vector<std::string>& help) {
  if (fix.title.empty()) return !help.empty();
  return std::any_of(help.begin(), help.end(), [&fix](const std::string& line) { return line.find(fix.title) != std::string::npos; });
}

}  // namespace

std::vector<std::string> Advice(const Diagnostic& diagnostic, const SourceSet& sources) {
  std::vector<std::string> lines = diagnostic.help;
  for (const Fix& fix : diagnostic.fixes) {
    if (!IsTold(fix, diagnostic.help)) lines.push_back(FixTitle(fix, sources));
  }
  return lines;
}

std::string Render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options) {
  return Writer(diagnostic, sources, options).Write();
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
