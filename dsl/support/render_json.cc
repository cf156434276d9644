#include <nlohmann/json.hpp>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/check.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft {

namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Span& span, const SourceSet& sources) {
  STAGECRAFT_CHECK(span.source < sources.size());
  const Source& source = sources[span.source];
  const Position begin = source.PositionAt(span.begin);
  const Position end = source.PositionAt(span.end);
  return {{"file", source.name()}, {"line", begin.line}, {"column", begin.column}, {"end_line", end.line}, {"end_column", end.column}};
}

Json ToJson(const Fix& fix, const SourceSet& sources) {
  Json edits = Json::array();
  for (const Edit& edit : fix.edits) {
    edits.push_back(ToJson(edit.span, sources));
    edits.back()["replacement"] = edit.replacement;
  }
  return {{"title", FixTitle(fix, sources)}, {"safe", fix.safe}, {"edits", std::move(edits)}};
}

Json ToJson(const Diagnostic& diagnostic, const SourceSet& sources) {
  Json object = {{"code", CodeName(diagnostic.code)}, {"severity", SeverityName(diagnostic.severity)}};
  object.update(ToJson(diagnostic.span, sources));
  object["message"] = ShortenQuotes(diagnostic.message);
  object["label"] = ShortenQuotes(diagnostic.label);
  object["help"] = Json::array();
  for (const std::string& line : diagnostic.help) object["help"].push_back(ShortenQuotes(line));
  object["notes"] = Json::array();
  for (const Note& note : diagnostic.notes) {
    object["notes"].push_back(ToJson(note.span, sources));
    object["notes"].back()["message"] = ShortenQuotes(note.message);
  }
  object["fixes"] = Json::array();
  for (const Fix& fix : diagnostic.fixes) object["fixes"].push_back(ToJson(fix, sources));
  return object;
}

}  // namespace

std::string RenderJson(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  Json array = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) array.push_back(ToJson(diagnostic, sources));
  // A message may quote bytes of a file that is not UTF-8; they become U+FFFD instead of an exception.
  return CleanJson(array.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace stagecraft
