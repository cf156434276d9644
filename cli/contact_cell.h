// What tables show of contacts.
#ifndef STAGECRAFT_CLI_CONTACT_CELL_H_
#define STAGECRAFT_CLI_CONTACT_CELL_H_

#include <stagecraft/v1/contact_service.pb.h>

#include <array>
#include <string>

#include "cli/table.h"

namespace stagecraft::cli {

// Where nobody says what to show.
inline constexpr std::array<const char*, 5> kContactColumns = {"name", "lifecycle", "status", "score", "owner"};

// `name`: a property by name or internal name, a score, a counter, `contact`, `name`, `created` or `lists`.
Cell CellOf(const ::stagecraft::v1::Contact& contact, const std::string& name);

// Adds the values of a contact that CellOf reads for `name` to those that are asked for.
void AddValues(const std::string& name, google::protobuf::RepeatedPtrField<std::string>& values);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_CONTACT_CELL_H_
