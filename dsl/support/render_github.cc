// Workflow commands of GitHub Actions:
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
#include <string_view>

#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft {

namespace {

// What GitHub reads back: `%`, and line breaks; in properties also `:` and `,`, which separate them.
std::string Escaped(std::string_view text, bool is_property) {
  std::string out;
  for (const char letter : CleanText(text)) {
    switch (letter) {
      case '%':
        out += "%25";
        break;
      case '\n':
        out += "%0A";
        break;
      case '\r':
        out += "%0D";
        break;
      case ':':
        out += is_property ? "%3A" : ":";
        break;
      case ',':
        out += is_property ? "%2C" : ",";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

std::string_view CommandOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kHint:
      return "notice";
  }
  return "error";
}

}  // namespace

std::string RenderGithub(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const Source& source = sources[diagnostic.span.source];
    const Position begin = source.PositionAt(diagnostic.span.begin);
    const Position end = source.PositionAt(diagnostic.span.end);
    out += "::" + std::string(CommandOf(diagnostic.severity)) + " file=" + Escaped(source.name(), true);
    out += ",line=" + std::to_string(begin.line) + ",endLine=" + std::to_string(end.line);
    // Columns are for pieces of one line only: GitHub refuses them otherwise.
    if (begin.line == end.line) out += ",col=" + std::to_string(begin.column) + ",endColumn=" + std::to_string(end.column);
    out += ",title=" + CodeName(diagnostic.code) + "::";
    std::string message = ShortenQuotes(diagnostic.message);
    for (const std::string& line : Advice(diagnostic, sources)) message += "\n" + ShortenQuotes(line);
    out += Escaped(message, false) + "\n";
  }
  return out;
}

}  // namespace stagecraft
