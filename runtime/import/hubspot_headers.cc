#include "runtime/import/hubspot_headers.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

// Labels of HubSpot's export that are not the property's name in the language (formats.md C3), case-folded.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kLabels = {{
    {"lead status", "hs_lead_status"},
    {"lifecycle stage", "lifecyclestage"},
    {"contact owner", "hubspot_owner_id"},
    {"owner", "hubspot_owner_id"},
    {"phone number", "phone"},
    {"company", "company name"},
    {"company name", "company"},
    {"email address", "email"},
    {"e-mail", "email"},
    {"original source", "hs_analytics_source"},
    {"original source type", "hs_analytics_source"},
    {"number of employees", "company employees"},
    {"industry", "company industry"},
    {"company domain name", "company domain"},
    {"primary associated company id", "company id"},
    {"associated company ids", "company id"},
    {"unsubscribed from all email", "opted out"},
    {"opted out of all email", "opted out"},
}};

std::optional<std::uint32_t> Find(const ir::Program& program, const std::string& folded) {
  const auto found = program.property_names.find(folded);
  if (found == program.property_names.end() || program.properties[found->second].hidden) return std::nullopt;
  const std::uint32_t slot = found->second;
  const ir::WellKnown& known = program.well_known;
  // These follow the contact's deals, whatever a file says.
  if (slot == known.deal_stage || slot == known.deal_amount || slot == known.open_deals) return std::nullopt;
  return slot;
}

}  // namespace

HeaderRole RoleOfHeader(std::string_view header) {
  const auto folded = FoldCase(header);
  if (folded == "record id" || folded == "hs_object_id" || folded == "contact id" || folded == "vid") return HeaderRole::kRecordId;
  if (folded == "create date" || folded == "createdate") return HeaderRole::kCreateDate;
  return HeaderRole::kProperty;
}

std::optional<std::uint32_t> PropertyOfHeader(const ir::Program& program, std::string_view header) {
  const auto folded = FoldCase(header);
  if (const auto slot = Find(program, folded)) return slot;
  for (const auto& [label, name] : kLabels) {
    if (label != folded) continue;
    if (const auto slot = Find(program, std::string(name))) return slot;
  }
  auto spaced = folded;
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  return Find(program, spaced);
}

std::optional<std::uint32_t> CompanyPropertyOfHeader(const ir::Program& program, std::string_view header) {
  const auto is_shared = [&](const std::optional<std::uint32_t>& slot) { return slot && program.properties[*slot].of_company; };
  if (const auto slot = PropertyOfHeader(program, header); is_shared(slot)) return slot;
  const auto folded = FoldCase(header);
  for (const auto& name : {"company " + folded, folded == "lifecycle stage" ? std::string("company lifecycle") : std::string()}) {
    if (const auto slot = Find(program, name); is_shared(slot)) return slot;
  }
  return std::nullopt;
}

}  // namespace stagecraft::runtime
