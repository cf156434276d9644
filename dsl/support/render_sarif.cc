// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; paragraphs are named where they decide something.
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/pages.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kHint:
      return "note";
  }
  return "error";
}

// A path as a relative URI reference (§3.4.3): all but unreserved characters and `/` by their bytes.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/";
  std::string uri;
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          kPlain.find(letter) != std::string_view::npos;
    if (is_plain) {
      uri += letter;
    } else {
      uri += '%';
      uri += kHex[byte >> 4U];
      uri += kHex[byte & 0xFU];
    }
  }
  return uri;
}

class SarifWriter {
 public:
  explicit SarifWriter(const CheckReport& report) : report_(report) {
    std::set<Code> codes;
    for (const Diagnostic& diagnostic : report.diagnostics) codes.insert(diagnostic.code);
    for (const AllowedFinding& finding : report.allowed) codes.insert(finding.diagnostic.code);
    for (const Code code : codes) rule_index_.emplace(code, rule_index_.size());
  }

  Json Run(std::string_view version) const {
    Json rules = Json::array();
    for (const auto& [code, index] : rule_index_) rules.push_back(Rule(code));
    Json results = Json::array();
    for (const Diagnostic& diagnostic : report_.diagnostics) results.push_back(Result(diagnostic));
    for (const AllowedFinding& finding : report_.allowed) {
      results.push_back(Result(finding.diagnostic));
      results.back()["suppressions"] = Json::array({{{"kind", "inSource"}, {"justification", finding.reason}}});
    }
    Json run;
    run["tool"]["driver"] = {{"name", "stagecraft"}, {"version", version}, {"rules", std::move(rules)}};
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = std::move(results);
    return run;
  }

 private:
  static Json Rule(Code code) {
    Json rule = {{"id", CodeName(code)}, {"name", CodeWords(code)}};
    rule["shortDescription"]["text"] = CodeTitle(code);
    rule["defaultConfiguration"]["level"] = LevelOf(CodeSeverity(code));
    const std::optional<std::string_view> page = PageOf(code);
    if (page) {
      rule["fullDescription"]["text"] = ReadPage(*page).meaning;
      rule["help"] = {{"text", *page}, {"markdown", *page}};
    }
    return rule;
  }

  Json Region(const Span& span) const {
    const Source& source = report_.sources[span.source];
    const Position begin = source.PositionAt(span.begin);
    const Position end = source.PositionAt(span.end);
    return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
  }

  Json Artifact(std::uint32_t source) const { return {{"uri", UriOf(report_.sources[source].name())}}; }

  Json Location(const Span& span) const {
    Json location;
    location["physicalLocation"] = {{"artifactLocation", Artifact(span.source)}, {"region", Region(span)}};
    return location;
  }

  Json Fixed(const Fix& fix) const {
    Json replacements = Json::array();
    for (const Edit& edit : fix.edits) {
      Json replacement;
      replacement["deletedRegion"] = Region(edit.span);
      if (!edit.replacement.empty()) replacement["insertedContent"]["text"] = edit.replacement;
      replacements.push_back(std::move(replacement));
    }
    Json change;
    change["artifactLocation"] = Artifact(fix.edits.front().span.source);
    change["replacements"] = std::move(replacements);
    Json out;
    out["description"]["text"] = FixTitle(fix, report_.sources);
    out["artifactChanges"] = Json::array({std::move(change)});
    return out;
  }

  Json Result(const Diagnostic& diagnostic) const {
    std::string message = ShortenQuotes(diagnostic.message);
    for (const std::string& line : Advice(diagnostic, report_.sources)) message += "\n" + ShortenQuotes(line);
    Json result = {{"ruleId", CodeName(diagnostic.code)}, {"ruleIndex", rule_index_.at(diagnostic.code)}};
    result["level"] = LevelOf(diagnostic.severity);
    result["message"]["text"] = message;
    result["locations"] = Json::array({Location(diagnostic.span)});
    for (const Note& note : diagnostic.notes) {
      result["relatedLocations"].push_back(Location(note.span));
      result["relatedLocations"].back()["message"]["text"] = ShortenQuotes(note.message);
    }
    // A consumer may apply any fix, also without asking (§3.55): only those that may be applied so are told.
    for (const Fix& fix : diagnostic.fixes) {
      if (fix.safe && !fix.edits.empty()) result["fixes"].push_back(Fixed(fix));
    }
    return result;
  }

  const CheckReport& report_;
  std::map<Code, std::size_t> rule_index_;
};

}  // namespace

std::string RenderSarif(const CheckReport& report, std::string_view version) {
  Json log = {{"$schema", kSchema}, {"version", "2.1.0"}};
  log["runs"] = Json::array({SarifWriter(report).Run(version)});
  return CleanJson(log.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace stagecraft
