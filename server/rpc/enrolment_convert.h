// Enrolments of the engine to the API's.
#ifndef STAGECRAFT_SERVER_RPC_ENROLMENT_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_ENROLMENT_CONVERT_H_

#include <cstdint>

#include "runtime/engine/rule_states.h"
#include "runtime/engine/view.h"
#include "stagecraft/v1/script_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

inline const runtime::Enrolment* FindEnrolment(const runtime::View& view, std::uint32_t revision) {
  for (const runtime::Enrolment& each : view.rule_states().enrolments) {
    if (each.revision == revision) return &each;
  }
  return nullptr;
}

inline void FillEnrolment(const runtime::View& view, const runtime::Enrolment& enrolment, v1::Enrolment& out) {
  for (const std::uint32_t rule : enrolment.rules) out.add_rules(view.program().rules[rule].name);
  out.set_contact_count(enrolment.end);
  out.set_looked_at_count(enrolment.next);
  out.set_started_count(static_cast<std::int64_t>(enrolment.enrolled));
  out.set_done(enrolment.IsDone() && !enrolment.is_given_up);
  out.set_cancelled(enrolment.is_given_up);
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ENROLMENT_CONVERT_H_
