// Names and values of an incoming event, resolved against a program: the one place that says what is wrong with an event.
#ifndef STAGECRAFT_RUNTIME_EXEC_RESOLVE_H_
#define STAGECRAFT_RUNTIME_EXEC_RESOLVE_H_

#include "runtime/exec/executor.h"
#include "runtime/model/event.h"

namespace stagecraft::runtime {

// Reads `input` as a value of the slot's type. INVALID_ARGUMENT with what was expected, the nearest option, and how to mend it.
Result<Value> ResolveValue(const ir::Program& program, std::uint32_t slot, const InputValue& input);

// Checks id, contact id, type, fields and properties. Reasons: INVALID_EVENT_ID, INVALID_CONTACT_ID, UNKNOWN_EVENT_TYPE,
// UNKNOWN_FIELD, UNKNOWN_PROPERTY, INVALID_VALUE, LIST_NOT_FOUND, LIST_BY_CONDITION. The property `list:NAME`, yes or no, is the membership
// of a list by hand. Violations carry the path within the event ("fields.minutes").
// `out` is reused between calls to spare allocations.
Status ResolveEvent(const ir::Program& program, const EventInput& input, Micros now, ResolvedEvent& out);

// The same for a change of a company (CompanyInput): its properties are those that the contacts of a company share. Reasons:
// INVALID_EVENT_ID, INVALID_COMPANY_ID, UNKNOWN_PROPERTY, INVALID_VALUE.
Status ResolveCompany(const ir::Program& program, const EventInput& input, Micros now, ResolvedEvent& out);

// What an event that was kept says of a task, from its fields. Reason: INVALID_VALUE.
Status ResolveTask(const ir::Program& program, ResolvedEvent& out);

// A stored value as people read it: an option's label, `yes`, `1200.5`, `2026-12-29`, a time in the program's zone.
std::string FormatValue(const ir::Program& program, ir::Type type, std::uint32_t slot, const Value& value);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_RESOLVE_H_
