// Files in TOML that say how to read other files: the mapping of an import, and a whole offline run (docs/cli.md).
#ifndef STAGECRAFT_RUNTIME_IMPORT_RUN_CONFIG_H_
#define STAGECRAFT_RUNTIME_IMPORT_RUN_CONFIG_H_

#include <string>
#include <string_view>
#include <vector>

#include "runtime/import/contacts_import.h"
#include "runtime/import/events_csv.h"

namespace stagecraft::runtime {

// [[contacts]]: a CSV file of contacts.
struct ContactsFile {
  std::string file;
  ContactMapping mapping;
};

// [[events]]: a file of events; NDJSON when its name ends in .ndjson or .jsonl, otherwise CSV, one event for each row.
struct EventsFile {
  std::string file;
  EventMapping mapping;  // CSV only
};

// Whether a file of this name holds one JSON object a line.
bool IsNdjson(std::string_view file);

// [[table]]: what to print at the end. One row for each value of `by`, one column for each condition.
struct TableSpec {
  struct Column {
    std::string heading;
    std::string when;  // a condition of the language; empty: all contacts of the row
  };
  std::string title;
  std::string by;    // `PROPERTY`, `day of PROPERTY`, `week of …`, `month of …`, `year of …`; `created` is the contact's creation
  std::string when;  // only contacts that meet this condition; empty: all
  std::vector<Column> columns;
  bool total = false;  // a last row with the sums
};

struct RunConfig {
  std::vector<ContactsFile> contacts;
  std::vector<EventsFile> events;
  std::vector<TableSpec> tables;
};

// INVALID_ARGUMENT (reason INVALID_CONFIG) with file, line and what was expected.
Result<RunConfig> ParseRunConfig(std::string_view name, std::string_view text);

// A mapping for an import: the keys of one [[contacts]] at the top of the file, without `file`.
Result<ContactMapping> ParseContactMapping(std::string_view name, std::string_view text);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_RUN_CONFIG_H_
