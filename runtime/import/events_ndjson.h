// Events out of a file with one JSON object a line.
//
//   {"id": "e1", "contact": "ana@acme.example", "type": "email sent", "occurred_at": "2026-10-05T09:14:00Z",
//    "actor": "mika@acme.example", "fields": {"subject": "Hello"}, "properties": {"status": "New"}, "create_if_missing": true}
//
// Required: contact, type, occurred_at. Without an id the line itself makes it, so that the same line twice is the same event.
// Values are texts, numbers, true, false, or null, which clears a property.
#ifndef STAGECRAFT_RUNTIME_IMPORT_EVENTS_NDJSON_H_
#define STAGECRAFT_RUNTIME_IMPORT_EVENTS_NDJSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/import/owned_event.h"

namespace stagecraft::runtime {

// Feed the file in pieces, take events and problems out at any time, then Finish, and take the rest. A bad line is a problem
// and nothing else. Blank lines are left out.
class EventsNdjson {
 public:
  void Feed(std::string_view bytes);
  void Finish();

  std::vector<OwnedEvent> TakeEvents();
  std::vector<ImportProblem> TakeProblems();

 private:
  void Line(std::string_view line);

  std::string rest_;  // of a line whose end has not come yet
  std::uint32_t line_ = 0;
  std::vector<OwnedEvent> events_;
  std::vector<ImportProblem> problems_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_EVENTS_NDJSON_H_
