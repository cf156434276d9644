// What the scripts and the standard vocabulary declare: properties, events and teams, by the stable numbers of a Layout.
#ifndef STAGECRAFT_DSL_IR_VOCABULARY_H_
#define STAGECRAFT_DSL_IR_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ir/value.h"
#include "dsl/sema/option.h"

namespace stagecraft::ir {

using OptionGroup = sema::OptionGroup;
using sema::LeadsBack;

struct Option {
  std::string label;          // what people read: "New Lead"
  std::string internal_name;  // what is stored and exchanged: "NEW"; the layout's key
  std::int32_t rank = -1;     // order for `before`, `at least` and E9; -1 no order
  std::int32_t parent = -1;   // option number of the option this is a sub-value of
  OptionGroup group = OptionGroup::kNone;
  bool forward_only = false;                                // E9 refuses a move to a lower rank only where both options have this
  bool declared = false;                                    // false: known to the layout only; no script declares it now
  std::int32_t probability = -1;                            // millionths; -1: none given
  std::vector<std::pair<std::string, std::string>> labels;  // language, text
};

inline constexpr std::string_view kListPrefix = "list:";

struct Property {
  std::string name;           // "company industry"; a hidden slot (membership of a list by hand) has kListPrefix and the list's name
  std::string internal_name;  // "hs_lead_status"; empty when there is none
  Type type = Type::kText;
  std::vector<Option> options;  // by option number
  bool forward_only = false;    // E9: at least one of its options is forward_only
  bool tracks_entry = false;    // keeps the time each option was entered (status, lifecycle)
  bool hidden = false;          // not a property for people: list membership by hand
  bool of_company = false;      // shared by the contacts of a company
  bool declared = false;
};

struct Field {
  std::string name;
  Type type = Type::kText;
  std::vector<Option> options;
  bool declared = false;
};

struct Event {
  std::string name;                   // "meeting ends"
  std::vector<std::string> synonyms;  // "meeting ended"
  std::string family;                 // first word: "meeting"
  std::vector<Field> fields;          // by field number
  bool is_activity = false;           // of the families email, call, meeting, form, page
  bool is_contact = false;            // sales reached out or spoke (email sent, call, meeting): sets `last contacted`
  bool declared = false;
};

struct Team {
  std::string name;
  std::vector<std::string> members;  // e-mail addresses, in the order of the rotation
  std::string manager;               // empty: none
  bool declared = false;
  // By member.
  std::vector<std::uint8_t> weights;                     // 1 … 100
  std::vector<std::optional<std::uint32_t>> capacities;  // contacts owned at once; absent: any number
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_VOCABULARY_H_
