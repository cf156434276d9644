// What the executor works out of a program once, so that no event pays for it.
#ifndef STAGECRAFT_RUNTIME_EXEC_PLAN_H_
#define STAGECRAFT_RUNTIME_EXEC_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/holdings.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/pattern.h"
#include "runtime/exec/windows.h"

namespace stagecraft::runtime {

// An event by which people and services make or change a deal, and the fields that it says so with.
struct DealEvent {
  enum class Kind : std::uint8_t { kCreated, kMoved, kWon, kLost, kUpdated, kDeleted } kind = Kind::kCreated;
  std::uint32_t event = 0;
  std::optional<std::uint32_t> deal, pipeline, stage, name, amount, owner, close_date;
};

struct Plan {
  explicit Plan(std::shared_ptr<const ir::Program> from);

  Tables tables() const { return {program->tests, program->masks, program->texts, program->sinces, &patterns}; }
  Scene SceneOf(const Contact& contact) const {
    return {program.get(), &calendar, &contact, nullptr, nullptr, nullptr, {}, 0, {}, contact.now()};
  }
  // Empty: no manager.
  std::string_view ManagerOf(std::string_view user) const;

  std::shared_ptr<const ir::Program> program;
  Calendar calendar;
  Patterns patterns;
  Windows windows;
  std::vector<std::uint32_t> timed_rules;   // declared, enabled, and set off by timers: stays, silences, dates, schedules
  std::vector<std::uint32_t> node_targets;  // by node: the Layout number of scores and lists
  std::vector<std::int64_t> baseline;       // the derived values of a contact of which nothing is known
  std::vector<std::uint32_t> baseline_set;  // the nodes that are not 0 there
  std::vector<std::uint32_t> fact_nodes;    // nodes that read ContactFact other than kLastContacted: the baseline does not know them
  std::unordered_map<ir::Entry, std::vector<std::uint32_t>> wait_slots;  // by what is waited for: the properties it reads, ascending
  std::vector<std::uint32_t> company_slots;                              // shared by the contacts of a company; none where nobody has one
  std::vector<bool> of_company;                                          // by slot: is it one of them
  std::vector<DealEvent> deal_events;
  // The event by which people start rules, and its field that names one; kNoEvent: there is none.
  std::uint32_t rule_started = kNoEvent;
  std::uint32_t rule_started_field = 0;
  std::unordered_map<std::string, std::uint32_t> sequences;  // by name, case-folded
  HoldingsPlan holdings;
  std::vector<std::vector<std::string>> turn_keys;        // by team, by member
  std::unordered_map<std::string, std::string> managers;  // by member, case-folded; of the first team that has one
};

// What a node's value is for the contact, from what it reads; a score is summed from its criteria.
std::int64_t EvaluateNode(const Plan& plan, const Contact& contact, std::uint32_t node);

// All of Contact::derived, from scratch, and Contact::next_window_close.
void RecomputeAll(const Plan& plan, Contact& contact);
// Brings contact.next_window_close up to date.
void FindNextWindowClose(const Plan& plan, Contact& contact);

// Nobody asks `tracker` for the event times before this, once the one at `at` is in.
Micros KeepFrom(const ir::Program& program, const Contact& contact, std::uint32_t tracker, Micros at);

// True iff the option (or yes or no) that `value` holds is in the mask; an unset value is in none.
bool InMask(const ir::Mask& mask, const Value& value);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_PLAN_H_
