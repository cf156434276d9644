// The machine that runs conditions: decision graphs (ir::Test) over a contact and the event that is being applied. It
// allocates nothing but for the folding of texts that are not ASCII and for composed names.
#ifndef STAGECRAFT_RUNTIME_EXEC_MACHINE_H_
#define STAGECRAFT_RUNTIME_EXEC_MACHINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/calendar.h"
#include "runtime/model/contact.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// What a slot held before the record that is being decided, or before a round of it.
struct SlotBefore {
  std::uint32_t slot = 0;
  Value value;
  Micros changed_at = 0;
  std::uint32_t effect = kByEvent;  // the last effect that wrote it since
  std::uint32_t writer = kByEvent;  // the rule that wrote it, kByEvent: the event
};

// What operands are read from. Parts that are not there (null) make their operands unset; without `before` a previous value
// is the present one.
struct Scene {
  const ir::Program* program = nullptr;
  const Calendar* calendar = nullptr;
  const Contact* contact = nullptr;
  const ir::Event* event = nullptr;
  const std::vector<RecordedField>* fields = nullptr;
  const std::vector<SlotBefore>* before = nullptr;
};

// The tables that the tests of a graph index into: a program's, or those of a condition that stands by itself.
struct Tables {
  std::span<const ir::Test> tests;
  std::span<const ir::Mask> masks;
  std::span<const std::string> texts;
  std::span<const ir::Since> sinces;
};

// An operand's content. Texts are good until the next Read on this thread or until the contact changes.
struct Reading {
  bool set = false;
  std::int64_t number = 0;
  std::string_view text;
};

Reading Read(const Scene& scene, const ir::Operand& operand);

// The options of the property or field that an operand of type kOption reads; null when there is none.
const std::vector<ir::Option>* OptionsOf(const Scene& scene, const ir::Operand& operand);

// The moment that `since` means for the contact; nothing when it has not come yet.
std::optional<Micros> MomentOf(const Scene& scene, const ir::Since& since);

bool Meets(const Scene& scene, const Tables& tables, ir::Entry entry);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_MACHINE_H_
