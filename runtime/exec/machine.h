// The machine that runs conditions: decision graphs (ir::Test) over a contact and the event that is being applied. It
// allocates nothing but for the folding of texts that are not ASCII and for composed names.
#ifndef STAGECRAFT_RUNTIME_EXEC_MACHINE_H_
#define STAGECRAFT_RUNTIME_EXEC_MACHINE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/calendar.h"
#include "runtime/model/contact.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

class Patterns;

// What a slot held before the record that is being decided, or before a round of it.
struct SlotBefore {
  std::uint32_t slot = 0;
  Value value;
  Micros changed_at = 0;
  std::uint32_t effect = kByEvent;  // the last effect that wrote it since
  std::uint32_t writer = kByEvent;  // the rule that wrote it, kByEvent: the event
};

// The test asks a tracker, whose number is in the operand's place.
constexpr bool IsSeen(ir::Op op) { return op == ir::Op::kSeen || op == ir::Op::kSeenSince || op == ir::Op::kSeenSinceRun; }

// What operands are read from. Parts that are not there (null) make their operands unset; without `before` a previous value
// is the present one.
struct Scene {
  const ir::Program* program = nullptr;
  const Calendar* calendar = nullptr;
  const Contact* contact = nullptr;
  const ir::Event* event = nullptr;
  const std::vector<RecordedField>* fields = nullptr;
  const std::vector<SlotBefore>* before = nullptr;
  std::optional<Micros> run_started_at = {};  // of the run that asks
  Sequence run_cause = 0;                     // the record that set it off
  std::string_view viewer = {};               // who asks; empty: nobody
  Micros now = 0;                             // from where windows are measured back
};

// The tables that the tests of a graph index into: a program's, or those of a condition that stands by itself.
struct Tables {
  std::span<const ir::Test> tests;
  std::span<const ir::Mask> masks;
  std::span<const std::string> texts;
  std::span<const ir::Since> sinces;
  const Patterns* patterns = nullptr;  // of `texts`; null: each thread keeps those that it needs
};

// An operand's content. Texts are good until the next Read on this thread or until the contact changes.
struct Reading {
  bool set = false;
  std::int64_t number = 0;
  std::string_view text;
};

Reading Read(const Scene& scene, const ir::Operand& operand);

// The node holds or does not: a list, a definition. Others are whole numbers.
constexpr bool IsTruth(ir::NodeKind kind) { return kind == ir::NodeKind::kList || kind == ir::NodeKind::kWatch; }

// People and rules see its value; of a line of a score only the sum.
constexpr bool IsVisible(ir::NodeKind kind) { return kind != ir::NodeKind::kCriterion; }

// The options of the property or field that an operand of type kOption reads; null when there is none.
const std::vector<ir::Option>* OptionsOf(const Scene& scene, const ir::Operand& operand);

// The moment that `since` means for the contact; nothing when it has not come yet.
std::optional<Micros> MomentOf(const Scene& scene, const ir::Since& since);

// A date or moment as a moment; a date is its midnight. Nothing when it is not set.
std::optional<Micros> MomentOf(const Scene& scene, const ir::Operand& operand);

// When a test that a date or moment is near (kLately, kSoon) holds: from `first` on, until `end`; never when it is not set.
struct NearSpan {
  Micros first = Contact::kNever;
  Micros end = Contact::kNever;
};
NearSpan SpanOf(const Scene& scene, const ir::Test& test);

bool Meets(const Scene& scene, const Tables& tables, ir::Entry entry);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_MACHINE_H_
