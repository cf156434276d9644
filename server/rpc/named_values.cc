#include "server/rpc/named_values.h"

#include <string_view>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "runtime/model/reasons.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

std::vector<std::string_view> PropertyNames(const ir::Program& program, bool of_company) {
  std::vector<std::string_view> names;
  for (const ir::Property& property : program.properties) {
    if (!property.declared || property.hidden || (of_company && !property.of_company)) continue;
    names.push_back(property.name);
    if (!property.internal_name.empty()) names.push_back(property.internal_name);
  }
  return names;
}

runtime::Status NoSuch(std::string_view what, const char* field, const std::string& name, const std::vector<std::string_view>& known) {
  const auto near = Nearest(name, known);
  return InvalidField(field, runtime::reasons::kUnknownProperty,
                      "there is no " + std::string(what) + " `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ""));
}

}  // namespace

std::optional<ir::Operand> ValueNamed(const ir::Program& program, const std::string& name) {
  const std::string folded = FoldCase(name);
  if (const auto found = program.property_names.find(folded); found != program.property_names.end()) {
    return ir::Operand{ir::Space::kProperty, static_cast<std::uint16_t>(found->second), 0, program.properties[found->second].type};
  }
  if (const auto found = program.node_names.find(folded); found != program.node_names.end()) {
    return ir::Operand{ir::Space::kNode, static_cast<std::uint16_t>(found->second), 0, ir::Type::kNumber};
  }
  return std::nullopt;
}

runtime::Status NoSuchValue(const ir::Program& program, const char* field, const std::string& name) {
  std::vector<std::string_view> known = PropertyNames(program, false);
  for (const auto& [node_name, node] : program.node_names) known.push_back(node_name);
  return NoSuch("property, score or counter", field, name, known);
}

runtime::Status NoSuchCompanyValue(const ir::Program& program, const char* field, const std::string& name) {
  return NoSuch("property of companies", field, name, PropertyNames(program, true));
}

}  // namespace stagecraft::server
