// What could not be done and can be mended: an action of a rule that had nobody to go to or no room, an event whose cascade did not
// end, or a rule's timer of which that is so. It stays open until another attempt succeeds. What the event said is in the journal, not
// here.
#ifndef STAGECRAFT_RUNTIME_MODEL_FAILURE_H_
#define STAGECRAFT_RUNTIME_MODEL_FAILURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/record.h"

namespace stagecraft::runtime {

struct Failure {
  enum class Kind : std::uint8_t { kAction, kEvent };

  std::int64_t id = 0;        // unique for ever: sequence of its record << kFailureOrdinalBits | ordinal
  std::uint32_t contact = 0;  // 0xFFFF'FFFF: the event would have made it
  Kind kind = Kind::kAction;
  Micros occurred_at = 0;  // own time of its record
  std::uint32_t revision = 0;
  // kAction
  std::uint32_t rule = 0;        // kNoRule: a cascade that did not end and that no rule began
  std::uint32_t action = 0;      // ir::kNoAction: a cascade; or a run that was to begin later: it cannot be tried again
  std::uint8_t reason = 0;       // RefusalReason, of the last attempt; kEventFailed: a cascade that did not end
  std::uint32_t slot = kNoSlot;  // that is to blame
  Sequence source = 0;           // the record of what set the rule off: its event, if it is one, is read again
  std::string text;              // Effect::text of the last attempt's refusal: users, a pipeline, or a chain of rules

  Micros tried_at = 0;    // own time of the last attempt behind the first; 0: none yet
  Sequence tried_in = 0;  // its record
  bool is_closed = false;

  // The record that failed first.
  Sequence cause() const;
  static Sequence CauseOf(std::int64_t id);

  friend bool operator==(const Failure&, const Failure&) = default;
};

inline constexpr int kFailureOrdinalBits = 16;
inline Sequence Failure::CauseOf(std::int64_t id) { return id >> kFailureOrdinalBits; }
inline Sequence Failure::cause() const { return CauseOf(id); }

void EncodeFailure(const Failure& failure, std::string& out);
// Nothing when the bytes are damaged.
std::optional<Failure> DecodeFailure(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_FAILURE_H_
