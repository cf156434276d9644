#include "cli/scripts_sent.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/support/render.h"

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

}  // namespace

std::string RenderReceived(const wire::Diagnostic& diagnostic, bool colour) {
  const auto& begin = diagnostic.range().begin();
  const auto& end = diagnostic.range().end();
  const auto code = FindCode(diagnostic.code());
  if (!code || begin.line() < 1 || begin.line() > kLinesMax) {
    return fmt::format("{}: {}:{}:{}: {}\n", diagnostic.code(), diagnostic.range().file(), begin.line(), begin.column(),
                       diagnostic.message());
  }
  // A source in which the line stands where it stood: only that line is ever shown.
  const auto lines_before = static_cast<std::uint32_t>(begin.line() - 1);
  const auto& line = diagnostic.line_text();
  const SourceSet sources = {Source(diagnostic.range().file(), std::string(lines_before, '\n') + line)};
  Diagnostic local{*code, SeverityOf(diagnostic.severity()), {}, diagnostic.message(), diagnostic.label(), {}, std::nullopt};
  local.span.begin = lines_before + OffsetOf(line, begin.column());
  local.span.end =
      end.line() == begin.line() ? lines_before + OffsetOf(line, end.column()) : lines_before + static_cast<std::uint32_t>(line.size());
  local.help.assign(diagnostic.help().begin(), diagnostic.help().end());
  return Render(local, sources, {colour});
}

}  // namespace stagecraft::cli
