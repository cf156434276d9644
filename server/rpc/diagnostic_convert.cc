#include "server/rpc/diagnostic_convert.h"

#include <string>
#include <string_view>

namespace stagecraft::server {
namespace {

void FillPosition(const Position& position, v1::Position& out) {
  out.set_line(static_cast<int>(position.line));
  out.set_column(static_cast<int>(position.column));
}

void FillRange(const Span& span, const SourceSet& sources, v1::Range& out) {
  if (span.source >= sources.size()) return;
  const Source& source = sources[span.source];
  out.set_file(source.name());
  FillPosition(source.PositionAt(span.begin), *out.mutable_begin());
  FillPosition(source.PositionAt(span.end), *out.mutable_end());
}

v1::Severity ToProto(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return v1::SEVERITY_ERROR;
    case Severity::kWarning:
      return v1::SEVERITY_WARNING;
    case Severity::kHint:
      return v1::SEVERITY_HINT;
  }
  return v1::SEVERITY_UNSPECIFIED;
}

}  // namespace

void FillDiagnostic(const Diagnostic& diagnostic, const SourceSet& sources, v1::Diagnostic& out) {
  out.set_code(CodeName(diagnostic.code));
  out.set_severity(ToProto(diagnostic.severity));
  FillRange(diagnostic.span, sources, *out.mutable_range());
  out.set_message(diagnostic.message);
  out.set_label(diagnostic.label);
  for (const std::string& line : diagnostic.help) out.add_help(line);
  if (diagnostic.fix) {
    FillRange(diagnostic.fix->span, sources, *out.mutable_fix()->mutable_range());
    out.mutable_fix()->set_replacement(diagnostic.fix->replacement);
  }
  if (diagnostic.span.source < sources.size()) {
    const Source& source = sources[diagnostic.span.source];
    const std::string_view line = source.Line(source.PositionAt(diagnostic.span.begin).line);
    out.set_line_text(std::string(line));
  }
}

void FillDiagnostics(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources,
                     google::protobuf::RepeatedPtrField<v1::Diagnostic>& out) {
  for (const Diagnostic& diagnostic : diagnostics) FillDiagnostic(diagnostic, sources, *out.Add());
}

}  // namespace stagecraft::server
