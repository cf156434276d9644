// Contacts out of a CSV file: each row becomes one event that creates the contact or changes it. HubSpot's own exports
// are understood as they are (product.md S25).
#ifndef STAGECRAFT_RUNTIME_IMPORT_CONTACTS_IMPORT_H_
#define STAGECRAFT_RUNTIME_IMPORT_CONTACTS_IMPORT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/import/owned_event.h"
#include "runtime/model/status.h"

namespace stagecraft::runtime {

// How to read a file of contacts; everything has a default. Columns are named by their headings, in any letter case.
struct ContactMapping {
  std::vector<std::pair<std::string, std::string>> columns;  // heading → property by any of its names; empty: left out
  std::string id_column;                                     // default: `Record ID`, else `Email`
  std::string create_time_column;                            // default: `Create Date`, when there is one
  std::string date_order;                                    // "DD-MM-YYYY" (ParseDateOrder); default: month, day, year
  std::string actor = "import";
  bool companies = false;  // the rows are companies: events are changes of them (CompanyInput), id_column: `Record ID`, else their domain
  Micros as_of = 0;        // the moment that the values are of; 0: now
};

// Feed the file in pieces and take events and problems out at any time; then Finish, and take the rest.
//
// A row becomes an event `list imported` whose id is made of the contact, the row's values and `as_of`, so that the same file twice
// changes nothing. An empty value leaves the property as it is. A row with a bad value is reported and does not become an
// event. E-mail addresses that identify contacts are taken in small letters.
class ContactsImport {
 public:
  ContactsImport(std::shared_ptr<const ir::Program> program, ContactMapping mapping);
  ~ContactsImport();
  ContactsImport(const ContactsImport&) = delete;
  ContactsImport& operator=(const ContactsImport&) = delete;

  // INVALID_ARGUMENT when the file cannot be read at all; reasons INVALID_CSV, INVALID_MAPPING (a column of the mapping is
  // not there, a property is unknown), NO_ID_COLUMN. Nothing more can be fed then.
  Status Feed(std::string_view bytes);
  Status Finish();

  // What has become ready since the last call. `line` of an event is its row's.
  std::vector<OwnedEvent> TakeEvents();
  std::vector<ImportProblem> TakeProblems();

  // Rows with a bad value, by their contact: what then happens to it has nobody to happen to.
  const std::map<std::string, std::uint32_t>& refused_lines() const;

  // Rows read so far, without the heading.
  std::uint64_t rows() const;
  // Columns that no property fits, in the order of the file; known once the first row was read.
  const std::vector<std::string>& ignored_columns() const;
  // The heading of the column whose values are the ids; empty before the headings were read.
  std::string_view id_column() const;

  // What the engine said to the event of a row, as a problem of the file: a row can also be refused for its contact.
  static ImportProblem ProblemOf(const OwnedEvent& event, const Status& status);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_CONTACTS_IMPORT_H_
