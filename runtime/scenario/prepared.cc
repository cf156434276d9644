#include "runtime/scenario/prepared.h"

#include <algorithm>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

// `program` in which only the rules run for which `runs(rule)` holds; lists by hand can be joined by events, too.
template <typename Predicate>
std::shared_ptr<const ir::Program> Quieten(const ir::Program& program, Predicate runs) {
  auto quiet = std::make_shared<ir::Program>(program);
  for (ir::Rule& rule : quiet->rules) rule.disabled = rule.disabled || !runs(rule);
  for (const auto& [name, slot] : program.list_slots) {
    quiet->property_names.emplace(FoldCase(program.properties[slot].name), slot);
    quiet->properties[slot].hidden = false;
  }
  return quiet;
}

bool IsSla(const ir::Rule& rule) { return rule.kind == ir::RuleKind::kSla; }

}  // namespace

Prepared::Prepared(std::shared_ptr<const ir::Program> from, ir::TestSuite tests)
    : program(std::move(from)),
      quiet(Quieten(*program, [](const ir::Rule&) { return false; })),
      watching(std::any_of(program->rules.begin(), program->rules.end(), IsSla) ? Quieten(*program, IsSla) : quiet),
      suite(std::move(tests)),
      calendar(program->calendar) {}

std::optional<std::uint32_t> Prepared::SlotOf(std::string_view property) const {
  const auto slot = quiet->property_names.find(FoldCase(property));
  if (slot == quiet->property_names.end()) return std::nullopt;
  return slot->second;
}

}  // namespace stagecraft::runtime
