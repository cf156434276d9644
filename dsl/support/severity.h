// How grave findings are taken: what a team decides in stagecraft.toml.
#ifndef STAGECRAFT_DSL_SUPPORT_SEVERITY_H_
#define STAGECRAFT_DSL_SUPPORT_SEVERITY_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"

namespace stagecraft {

// The severity that a team gives to a code; nothing: findings of that code are not shown.
struct SeverityRules {
  std::map<Code, std::optional<Severity>> by_code;
};

// False for codes that stop compilation: whatever a team calls them, such a script cannot run.
bool CanLower(Code code);

// The severity with this name ("hint"); `off` is not one of them.
std::optional<Severity> FindSeverity(std::string_view name);

// Gives the findings their severities and takes those out that are off. An error that stops compilation stays one.
void ApplySeverities(const SeverityRules& rules, std::vector<Diagnostic>& diagnostics);

// Orders findings by file and place; what stands at the same place keeps its order. Of more than `max` (0: no bound) the gravest stay,
// and the last of them says how many do not.
void SortAndCap(std::vector<Diagnostic>& diagnostics, std::size_t max);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_SEVERITY_H_
