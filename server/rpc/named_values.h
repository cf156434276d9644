// What a request names of contacts and companies: properties, scores and counters.
#ifndef STAGECRAFT_SERVER_RPC_NAMED_VALUES_H_
#define STAGECRAFT_SERVER_RPC_NAMED_VALUES_H_

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "dsl/ir/program.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "runtime/model/status.h"

namespace stagecraft::server {

// The property, score or counter of that name, in any letter case; a property by its internal name too.
std::optional<ir::Operand> ValueNamed(const ir::Program& program, const std::string& name);

// INVALID_ARGUMENT (UNKNOWN_PROPERTY), with the name that is nearest. `field`: of the request.
runtime::Status NoSuchValue(const ir::Program& program, const char* field, const std::string& name);
// As above, where only what companies have is meant.
runtime::Status NoSuchCompanyValue(const ir::Program& program, const char* field, const std::string& name);

// Leaves of `items` those with one of the names.
template <typename Item>
void KeepNamed(const std::vector<std::string>& names, google::protobuf::RepeatedPtrField<Item>& items) {
  const auto gone = std::remove_if(
      items.begin(), items.end(), [&names](const Item& item) { return std::find(names.begin(), names.end(), item.name()) == names.end(); });
  items.erase(gone, items.end());
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_NAMED_VALUES_H_
