// The checked, immutable program that runtime/ executes: tables indexed by the stable numbers of a Layout.
// Shared between threads as shared_ptr<const Program>. It holds no clock, file, thread or database.
#ifndef STAGECRAFT_DSL_IR_PROGRAM_H_
#define STAGECRAFT_DSL_IR_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/ir/derived.h"  // IWYU pragma: export
#include "dsl/ir/layout.h"
#include "dsl/ir/place.h"       // IWYU pragma: export
#include "dsl/ir/rule.h"        // IWYU pragma: export
#include "dsl/ir/test_graph.h"  // IWYU pragma: export
#include "dsl/ir/value.h"       // IWYU pragma: export
#include "dsl/ir/vocabulary.h"  // IWYU pragma: export

namespace stagecraft::ir {

struct Email {
  std::string name;
  std::uint32_t subject = 0, body = 0;  // templates
};
struct Pipeline {
  std::string name;
  struct Stage {
    std::string name;
    std::int32_t probability = -1;  // millionths; -1: none given
  };
  std::vector<Stage> stages;
};
struct Form {
  std::string name;
  std::string level;
};
// Who is in it follows a condition, or rules and people say it.
struct List {
  std::string name;
  bool by_hand = false;
  std::uint32_t number = 0;  // by hand: the hidden slot, which is set for members; else the node
  std::string text;          // its declaration as written, single spaces
  Place place;
};
struct View {
  std::string name;
  std::string text;  // its declaration as written, single spaces
  Place place;
  bool reads_viewer = false;  // its condition asks for `me`
  Entry condition = kHolds;
  struct Column {
    std::string name;
    Operand operand;
  };
  std::vector<Column> columns;
  struct SortKey {
    Operand operand;
    bool descending = false;
  };
  std::vector<SortKey> sort;
};

// A promise that is watched at every record. By Layout::promises.
struct Promise {
  enum class Kind : std::uint8_t {
    kTurns,  // broken when `node` goes from 0 to 1
    kEnds,   // broken when `broken` holds at the end of a record that changed one of `slots`
    kMoves,  // broken when slots[0] changes from an option to one that `allowed` of it has not
  } kind = Kind::kTurns;
  std::string text;  // as people know it
  std::uint32_t node = 0;
  Entry broken = kFails;
  std::vector<std::uint32_t> slots;
  std::vector<Mask> allowed;  // kMoves: [from option]
  bool declared = false;
  Place place;
};

// Rule numbers by what can set them off; within each, ascending by Rule::order. Work grows with the rules that can
// fire, not with the rules there are. Outer index beyond size(): none.
struct TriggerIndex {
  std::vector<std::vector<std::uint32_t>> by_event;                // [event]
  std::vector<std::vector<std::vector<std::uint32_t>>> by_option;  // [slot][option]: kBecomes
  std::vector<std::vector<std::uint32_t>> by_change;               // [slot]: kChanges
  std::vector<std::vector<std::uint32_t>> by_node;                 // [node]: kNodeRises, kNodeFalls
  std::vector<std::vector<std::uint32_t>> by_stay;                 // [slot]: kStays
  std::vector<std::vector<std::uint32_t>> by_date;                 // [slot]: kDate that reads it
  std::vector<std::vector<std::uint32_t>> by_silence;              // [tracker]: kWithout
  std::vector<std::vector<std::uint32_t>> by_timing;               // [event]: kEventTimed with a timing of it
  std::vector<std::vector<std::uint32_t>> by_withdrawal;           // [event]: kEventTimed that it withdraws
  std::vector<std::vector<std::uint32_t>> schedule_by_node;        // [node]: kSchedule of that list
  std::vector<std::vector<std::uint32_t>> schedule_by_slot;        // [slot]: kSchedule of that list by hand
  std::vector<std::uint32_t> schedule_for_all;                     // kSchedule of everybody
  std::vector<std::vector<std::uint32_t>> promises_by_slot;        // [slot]: kEnds and kMoves
  std::vector<std::vector<std::uint32_t>> promises_by_node;        // [node]: kTurns
  std::vector<std::vector<std::uint32_t>> trackers_by_event;       // [event]: trackers it may feed
  std::vector<std::vector<std::uint32_t>> nodes_by_property;       // [slot]: nodes that read it
  std::vector<std::vector<std::uint32_t>> nodes_by_tracker;        // [tracker]
  std::vector<std::vector<std::uint32_t>> nodes_by_node;           // [node]
  std::vector<std::uint32_t> nodes_by_last_contacted;              // nodes that read ContactFact::kLastContacted
};

struct Calendar {
  std::string time_zone = "UTC";      // IANA name
  std::uint8_t business_days = 0x1F;  // bit 0 Monday … bit 6 Sunday
  std::int32_t business_from_minute = 9 * 60;
  std::int32_t business_to_minute = 18 * 60;
  std::vector<std::int32_t> holidays;  // days since 1970-01-01, ascending
};

// Slots of the properties that the engine itself knows by meaning; absent when no script declares them.
struct WellKnown {
  std::optional<std::uint32_t> lifecycle, status, owner, email, first_name, last_name, company_name, company_domain;
  std::optional<std::uint32_t> company_id;
  std::optional<std::uint32_t> deal_stage, deal_amount, open_deals;                                        // kept by the engine
  std::uint32_t contact_created = 0, contact_updated = 0, list_imported = 0;                               // events
  std::optional<std::uint32_t> deal_created, deal_moved, deal_won, deal_lost, deal_updated, deal_deleted;  // events
  // What people do to tasks. An event that a script has declared anew without its `task` (kCreated: `title`) is none of these.
  struct TaskEvent {
    enum class Kind : std::uint8_t { kCreated, kCompleted, kReopened, kChanged } kind = Kind::kCreated;
    std::uint32_t event = 0;
    std::optional<std::uint32_t> task, title, assignee, due, priority;  // fields
  };
  std::vector<TaskEvent> task_events;
};

struct Program {
  std::string workspace;  // empty: unnamed
  Layout layout;
  std::vector<std::string> files;    // names of the sources, for Place
  std::vector<Property> properties;  // by slot
  std::vector<Event> events;         // by event number
  std::vector<Team> teams;           // by team number
  std::vector<Tracker> trackers;     // by tracker number
  std::vector<Node> nodes;           // by node number (not stable: derived values are recomputed, never stored)
  std::vector<WindowUse> windows;
  std::vector<Rule> rules;  // by rule number; sequences among them
  std::vector<Email> emails;
  std::vector<Pipeline> pipelines;
  std::vector<Form> forms;
  std::vector<List> lists;  // in the order of the scripts
  std::vector<View> views;
  std::vector<Promise> promises;  // by Layout::promises
  TriggerIndex index;
  std::vector<Test> tests;
  std::vector<Mask> masks;
  std::vector<std::string> texts;
  std::vector<Since> sinces;
  std::vector<Template> templates;
  Calendar calendar;
  WellKnown well_known;

  // Names, case-folded, to numbers: names, internal names and synonyms. For the wire and for files.
  std::unordered_map<std::string, std::uint32_t> property_names;  // "status", "hs_lead_status"
  std::unordered_map<std::string, std::uint32_t> event_names;     // "meeting ends", "meeting ended"
  std::unordered_map<std::string, std::uint32_t> node_names;      // scores, counters, definitions and dynamic lists
  std::unordered_map<std::string, std::uint32_t> list_slots;      // lists by hand: hidden slot
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_PROGRAM_H_
