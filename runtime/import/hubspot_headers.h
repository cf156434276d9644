// The headings of HubSpot's contact exports, so that its files are understood as they are.
#ifndef STAGECRAFT_RUNTIME_IMPORT_HUBSPOT_HEADERS_H_
#define STAGECRAFT_RUNTIME_IMPORT_HUBSPOT_HEADERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "dsl/ir/program.h"

namespace stagecraft::runtime {

enum class HeaderRole : std::uint8_t { kProperty, kRecordId, kCreateDate };

// What a heading says, in any letter case: HubSpot's label or internal name.
HeaderRole RoleOfHeader(std::string_view header);

// The property that a column with this heading holds: by the property's name or internal name, `_` standing for a space, or
// by the label that HubSpot gives it. Nothing when the program has no such property.
std::optional<std::uint32_t> PropertyOfHeader(const ir::Program& program, std::string_view header);

// The same of an export of companies: a property that companies have (`Lifecycle Stage` is `company lifecycle` there).
std::optional<std::uint32_t> CompanyPropertyOfHeader(const ir::Program& program, std::string_view header);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_HUBSPOT_HEADERS_H_
