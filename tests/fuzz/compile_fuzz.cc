// Any bytes are a script to somebody. Whatever they are: parse, check, format, lower and describe must end, within bounds, and keep
// these promises; a broken one aborts, which libFuzzer reports with the input.
//
// - Every span lies within its source, begin before end.
// - Formatting is idempotent and keeps the program that the script compiles to.
// - A script without errors has a program, one with errors has none.
#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>
#include <string_view>

#include "dsl/compile.h"
#include "dsl/fmt/format.h"
#include "dsl/ir/dump.h"
#include "dsl/support/check.h"
#include "dsl/support/render.h"

namespace {

using stagecraft::CompileResult;
using stagecraft::Diagnostic;
using stagecraft::Source;
using stagecraft::SourceSet;
using stagecraft::Span;

void CheckSpan(const Span& span, const SourceSet& sources) {
  STAGECRAFT_CHECK(span.source < sources.size());
  STAGECRAFT_CHECK(span.begin <= span.end);
  STAGECRAFT_CHECK(span.end <= sources[span.source].text().size());
}

void CheckDiagnostics(const CompileResult& result) {
  for (const Diagnostic& diagnostic : result.diagnostics) {
    CheckSpan(diagnostic.span, result.sources);
    STAGECRAFT_CHECK(!diagnostic.message.empty());
    for (const auto& note : diagnostic.notes) CheckSpan(note.span, result.sources);
    for (const auto& fix : diagnostic.fixes) {
      for (const auto& edit : fix.edits) CheckSpan(edit.span, result.sources);
    }
  }
  STAGECRAFT_CHECK((result.program == nullptr) == stagecraft::HasErrors(result.diagnostics));
  STAGECRAFT_CHECK(stagecraft::Render(result.diagnostics, result.sources).empty() == result.diagnostics.empty());
  stagecraft::RenderJson(result.diagnostics, result.sources);
}

// What a program does: its dump without the lines of the script that each part stands in, which formatting may move.
std::string MeaningOf(const CompileResult& result) {
  static const std::regex kPlace(" at (a\\.stage:)?[0-9]+");
  return result.program == nullptr ? std::string() : std::regex_replace(stagecraft::ir::Dump(*result.program), kPlace, "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const CompileResult result = stagecraft::Compile({Source("a.stage", text)});
  CheckDiagnostics(result);

  const auto formatted = stagecraft::Format(Source("a.stage", text));
  const auto again = stagecraft::Format(Source("a.stage", formatted.text));
  STAGECRAFT_CHECK(again.text == formatted.text);
  if (formatted.text != text) {
    STAGECRAFT_CHECK(MeaningOf(stagecraft::Compile({Source("a.stage", formatted.text)})) == MeaningOf(result));
  }
  return 0;
}
