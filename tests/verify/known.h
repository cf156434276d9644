// All that is so now of a core's contacts, of what belongs to them, and of rules as such, and why: to be compared.
#ifndef STAGECRAFT_TESTS_VERIFY_KNOWN_H_
#define STAGECRAFT_TESTS_VERIFY_KNOWN_H_

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "runtime/engine/core_past.h"
#include "runtime/explain/explain.h"

namespace stagecraft::runtime::tests {

inline std::string Story(const Cause& cause, int depth = 0) {
  std::string text(static_cast<std::size_t>(depth), ' ');
  text += cause.text + " #" + std::to_string(cause.sequence) + " r" + std::to_string(cause.revision) + "\n";
  for (const Cause& below : cause.causes) text += Story(below, depth + 1);
  return text;
}

// By what it is. Of contacts that were erased or merged into others nothing is explained.
inline std::map<std::string, std::string> Known(Core& core, Store& store) {
  std::map<std::string, std::string> known;
  CorePast past(core, store);
  const ir::Program& program = core.view().program();
  std::set<std::string> names;
  for (const auto* table : {&program.property_names, &program.node_names, &program.list_slots}) {
    for (const auto& [name, number] : *table) names.emplace(name);
  }
  for (std::uint32_t number = 0; number < core.view().stats().contacts; ++number) {
    const Contact& contact = *core.view().ContactAt(number);
    const std::string place = std::to_string(number) + " ";
    contact.Encode(known[place]);
    const Standing standing = contact.departure().standing;
    if (standing == Standing::kErased || standing == Standing::kMerged) continue;
    for (const std::string& name : names) {
      const auto explanation = Explain(past, contact.id(), name);
      REQUIRE(explanation);
      known[place + name] = explanation->value + ": " + Story(explanation->cause);
    }
  }
  {
    Writer writer(known["rules"]);
    PutRuleStates(writer, core.view().rule_states());
  }
  for (const Task& task : core.view().tasks()) EncodeTask(task, known["task " + std::to_string(task.id)]);
  for (const Deal& deal : core.view().deals()) EncodeDeal(deal, known["deal " + std::to_string(deal.id)]);
  for (const Failure& failure : core.view().failures()) EncodeFailure(failure, known["failure " + std::to_string(failure.id)]);
  for (const Dispatch& dispatch : core.view().dispatches()) EncodeDispatch(dispatch, known["dispatch " + std::to_string(dispatch.id)]);
  return known;
}

// The first thing that is not in both; empty: nothing.
inline std::string Difference(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  for (const auto& [what, value] : before) {
    const auto found = after.find(what);
    if (found == after.end()) return what + ": gone, was " + value;
    if (found->second != value) return what + ": " + value + "---- became\n" + found->second;
  }
  for (const auto& [what, value] : after) {
    if (!before.contains(what)) return what + ": new, " + value;
  }
  return {};
}

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_VERIFY_KNOWN_H_
