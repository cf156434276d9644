// Events out of the rows of a CSV file, through a mapping: what a marketplace, a dialler or a spreadsheet has.
#ifndef STAGECRAFT_RUNTIME_IMPORT_EVENTS_CSV_H_
#define STAGECRAFT_RUNTIME_IMPORT_EVENTS_CSV_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/import/owned_event.h"
#include "runtime/model/status.h"

namespace stagecraft::runtime {

// How a row becomes an event. Every text is a pattern: `{heading}` stands for the row's value in that column, everything
// else for itself. A pattern that gives an empty text leaves the field or property out.
struct EventMapping {
  std::string type;         // required
  std::string contact;      // required
  std::string occurred_at;  // required
  std::string id;           // default: made of everything else, so that the same row twice is the same event
  std::string actor;
  std::vector<std::pair<std::string, std::string>> fields;      // name → pattern
  std::vector<std::pair<std::string, std::string>> properties;  // name → pattern
  bool create_if_missing = false;
  std::string date_order;  // as ContactMapping::date_order
};

// Feed the file in pieces, take events and problems out at any time, then Finish, and take the rest. Each row makes one
// event for each mapping, in the order of the mappings.
class EventsCsv {
 public:
  EventsCsv(std::shared_ptr<const ir::Program> program, std::vector<EventMapping> mappings);
  ~EventsCsv();
  EventsCsv(const EventsCsv&) = delete;
  EventsCsv& operator=(const EventsCsv&) = delete;

  // INVALID_ARGUMENT when the file cannot be read at all; reasons INVALID_CSV, INVALID_MAPPING.
  Status Feed(std::string_view bytes);
  Status Finish();

  std::vector<OwnedEvent> TakeEvents();
  std::vector<ImportProblem> TakeProblems();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_EVENTS_CSV_H_
