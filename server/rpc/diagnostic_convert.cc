#include "server/rpc/diagnostic_convert.h"

#include <string>
#include <string_view>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft::server {
namespace {

// Two hundred findings about one line of a megabyte would be an answer of 200 MB.
constexpr std::size_t kLineBytesMax = 4096;

void FillPosition(const Position& position, v1::Position& out) {
  out.set_line(static_cast<int>(position.line));
  out.set_column(static_cast<int>(position.column));
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

// Fields of type string hold UTF-8 only, and a message may quote a file that is not.
std::string Text(std::string_view text) { return CleanText(ShortenQuotes(text)); }

// The line that the piece begins in; empty when it is too long.
std::string LineText(const Span& span, const SourceSet& sources) {
  if (span.source >= sources.size()) return {};
  const Source& source = sources[span.source];
  const std::string_view line = source.Line(source.PositionAt(span.begin).line);
  return line.size() <= kLineBytesMax ? CleanText(line) : std::string();
}

void FillFix(const Fix& fix, const SourceSet& sources, v1::Fix& out) {
  out.set_title(CleanText(FixTitle(fix, sources)));
  out.set_safe(fix.safe);
  for (const Edit& edit : fix.edits) {
    v1::Edit& message = *out.add_edits();
    FillRange(edit.span, sources, *message.mutable_range());
    message.set_replacement(edit.replacement);
  }
}

}  // namespace

void FillRange(const Span& span, const SourceSet& sources, v1::Range& out) {
  if (span.source >= sources.size()) return;
  const Source& source = sources[span.source];
  out.set_file(source.name());
  FillPosition(source.PositionAt(span.begin), *out.mutable_begin());
  FillPosition(source.PositionAt(span.end), *out.mutable_end());
}

void FillDiagnostic(const Diagnostic& diagnostic, const SourceSet& sources, v1::Diagnostic& out) {
  out.set_code(CodeName(diagnostic.code));
  out.set_severity(ToProto(diagnostic.severity));
  FillRange(diagnostic.span, sources, *out.mutable_range());
  out.set_message(Text(diagnostic.message));
  out.set_label(Text(diagnostic.label));
  for (const std::string& line : Advice(diagnostic, sources)) out.add_help(Text(line));
  for (const Note& note : diagnostic.notes) {
    v1::Note& message = *out.add_notes();
    FillRange(note.span, sources, *message.mutable_range());
    message.set_message(Text(note.message));
    message.set_line_text(LineText(note.span, sources));
  }
  for (const Fix& fix : diagnostic.fixes) FillFix(fix, sources, *out.add_fixes());
  out.set_line_text(LineText(diagnostic.span, sources));
}

void FillDiagnostics(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources,
                     google::protobuf::RepeatedPtrField<v1::Diagnostic>& out) {
  for (const Diagnostic& diagnostic : diagnostics) FillDiagnostic(diagnostic, sources, *out.Add());
}

}  // namespace stagecraft::server
