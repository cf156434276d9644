// A script and its tests, made ready once for as many runs as there are tests. Immutable, shared between threads.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_PREPARED_H_
#define STAGECRAFT_RUNTIME_SCENARIO_PREPARED_H_

#include <memory>
#include <optional>
#include <string_view>

#include "dsl/ir/test_suite.h"
#include "runtime/exec/calendar.h"

namespace stagecraft::runtime {

struct Prepared {
  // `suite` is that of `from`.
  Prepared(std::shared_ptr<const ir::Program> from, ir::TestSuite tests);

  // The slot of a property by the name that the script gave it, hidden ones as well.
  std::optional<std::uint32_t> SlotOf(std::string_view property) const;

  std::shared_ptr<const ir::Program> program;
  // The same in which no rule fires: what is given sets off nothing.
  std::shared_ptr<const ir::Program> quiet;
  // The same in which only the promises of service run (`within 1 day of …`): those that a given state begins count from then on.
  std::shared_ptr<const ir::Program> watching;
  ir::TestSuite suite;
  Calendar calendar;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_PREPARED_H_
