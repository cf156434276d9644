#include "dsl/support/severity.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace stagecraft {

bool CanLower(Code code) { return CodeSeverity(code) != Severity::kError; }

std::optional<Severity> FindSeverity(std::string_view name) {
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kHint}) {
    if (SeverityName(severity) == name) return severity;
  }
  return std::nullopt;
}

void ApplySeverities(const SeverityRules& rules, std::vector<Diagnostic>& diagnostics) {
  const auto is_off = [&rules](Diagnostic& diagnostic) {
    const auto rule = rules.by_code.find(diagnostic.code);
    if (rule == rules.by_code.end() || !CanLower(diagnostic.code)) return false;
    if (rule->second) diagnostic.severity = *rule->second;
    return !rule->second.has_value();
  };
  diagnostics.erase(std::remove_if(diagnostics.begin(), diagnostics.end(), is_off), diagnostics.end());
}

void SortAndCap(std::vector<Diagnostic>& diagnostics, std::size_t max) {
  const auto place = [](const Diagnostic& diagnostic) { return std::tuple(diagnostic.span.source, diagnostic.span.begin); };
  const auto by_place = [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); };
  std::stable_sort(diagnostics.begin(), diagnostics.end(), by_place);
  if (diagnostics.size() <= max || max == 0) return;
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.severity < b.severity; });
  const std::size_t left_out = diagnostics.size() - max;
  diagnostics.resize(max);
  std::stable_sort(diagnostics.begin(), diagnostics.end(), by_place);
  diagnostics.back().help.push_back("and " + std::to_string(left_out) + " more findings that are not shown");
}

}  // namespace stagecraft
