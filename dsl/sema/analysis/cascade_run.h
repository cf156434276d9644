// A cascade played through on one contact: the proof that a circle of rules is one (language.md E2, E3, E9, E11).
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_RUN_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_RUN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/analysis/cascade_graph.h"
#include "dsl/sema/analysis/cascade_states.h"
#include "dsl/sema/analysis/facts.h"

namespace stagecraft::sema {

// How an endless cascade begins.
struct EndlessStart {
  std::vector<Binding> contact;  // what must hold besides
  const Rule* rule = nullptr;    // an action of this rule starts it; otherwise a person's change does
  std::size_t step = 0;          // of the circle: its `before` becomes its `now`
};

// A start from which all rules of the script together come back to the same state again and again; nothing where none is found.
std::optional<EndlessStart> FindEndlessStart(const Facts& facts, const CascadeGraph& graph, const CircleStates& states);

// True where a person who sets off the first of these rules brings the contact into more rounds than a cascade may have. A proof.
bool RunsTooLong(const Facts& facts, const CascadeGraph& graph, const std::vector<std::uint32_t>& chain);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_CASCADE_RUN_H_
