#include "cli/scripts_sent.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// No script has more lines than this (Limits::source_bytes_max); a wrong number must not cost memory.
constexpr std::int32_t kLinesMax = 5'000'000;

// The byte offset of a 1-based column, counted in code points.
std::uint32_t OffsetOf(std::string_view line, std::int32_t column) {
  std::size_t offset = 0;
  for (std::int32_t passed = 1; passed < column && offset < line.size(); ++passed) {
    ++offset;
    while (offset < line.size() && (static_cast<unsigned char>(line[offset]) & 0xC0U) == 0x80U) ++offset;
  }
  return static_cast<std::uint32_t>(offset);
}

Severity SeverityOf(wire::Severity severity) {
  if (severity == wire::SEVERITY_WARNING) return Severity::kWarning;
  return severity == wire::SEVERITY_HINT ? Severity::kHint : Severity::kError;
}

bool HasLine(const wire::Range& range) { return range.begin().line() >= 1 && range.begin().line() <= kLinesMax; }

// Adds a source in which the line stands where it stood (only that line is ever shown), and returns the place in it.
Span AddLine(const wire::Range& range, const std::string& line, SourceSet& sources) {
  const auto lines_before = static_cast<std::uint32_t>(range.begin().line() - 1);
  const auto index = static_cast<std::uint32_t>(sources.size());
  sources.emplace_back(range.file(), std::string(lines_before, '\n') + line);
  const bool is_one_line = range.end().line() == range.begin().line();
  const auto line_bytes = static_cast<std::uint32_t>(line.size());
  return {index, lines_before + OffsetOf(line, range.begin().column()),
          lines_before + (is_one_line ? OffsetOf(line, range.end().column()) : line_bytes)};
}

}  // namespace

std::string RenderReceived(const wire::Diagnostic& diagnostic, const RenderOptions& options) {
  const auto& begin = diagnostic.range().begin();
  const auto code = FindCode(diagnostic.code());
  if (!code || !HasLine(diagnostic.range())) {
    return OneLine(fmt::format("{}: {}:{}:{}: {}", diagnostic.code(), diagnostic.range().file(), begin.line(), begin.column(),
                               diagnostic.message())) +
           "\n";
  }
  SourceSet sources;
  Diagnostic local{*code,
                   SeverityOf(diagnostic.severity()),
                   AddLine(diagnostic.range(), diagnostic.line_text(), sources),
                   diagnostic.message(),
                   diagnostic.label(),
                   {},
                   {},
                   {}};
  local.help.assign(diagnostic.help().begin(), diagnostic.help().end());
  for (const auto& note : diagnostic.notes()) {
    if (HasLine(note.range())) local.notes.push_back({AddLine(note.range(), note.line_text(), sources), note.message()});
  }
  return Render(local, sources, options);
}

}  // namespace stagecraft::cli
