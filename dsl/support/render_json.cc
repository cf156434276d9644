#include <nlohmann/json.hpp>

#include "dsl/support/check.h"
#include "dsl/support/render.h"

namespace stagecraft {

namespace {

using Json = nlohmann::ordered_json;

void PutPlace(Json& object, const Source& source, const Span& span) {
  const Position begin = source.PositionAt(span.begin);
  const Position end = source.PositionAt(span.end);
  object["line"] = begin.line;
  object["column"] = begin.column;
  object["end_line"] = end.line;
  object["end_column"] = end.column;
}

Json ToJson(const Diagnostic& diagnostic, const SourceSet& sources) {
  STAGECRAFT_CHECK(diagnostic.span.source < sources.size());
  const Source& source = sources[diagnostic.span.source];
  Json object;
  object["code"] = CodeName(diagnostic.code);
  object["severity"] = SeverityName(diagnostic.severity);
  object["file"] = source.name();
  PutPlace(object, source, diagnostic.span);
  object["message"] = diagnostic.message;
  object["label"] = diagnostic.label;
  object["help"] = diagnostic.help;
  object["fix"] = nullptr;
  if (diagnostic.fix) {
    Json fix;
    PutPlace(fix, sources[diagnostic.fix->span.source], diagnostic.fix->span);
    fix["replacement"] = diagnostic.fix->replacement;
    object["fix"] = std::move(fix);
  }
  return object;
}

}  // namespace

std::string RenderJson(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  Json array = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) array.push_back(ToJson(diagnostic, sources));
  // A message may quote bytes of a file that is not UTF-8; they become U+FFFD instead of an exception.
  return array.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stagecraft
