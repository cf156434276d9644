// The run log: what rules did for contacts, what they wait for, what they could not do, and why a rule did not run.
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_RUNS_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_RUNS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

enum class RunState : std::uint8_t {
  kAny,
  kWaiting,   // goes on by itself, or when something happens
  kPaused,    // its rule is disabled
  kToBegin,   // waits for its beginning (`1 day before meeting starts`)
  kDone,      // did all that it had to; also rules without waits
  kStopped,   // by `until` or `stop when`
  kLeft,      // by `leave`
  kNotBegun,  // its conditions kept it from beginning, or what was announced was taken back
  kMet,       // an SLA
  kMissed,    // an SLA
  kEnded,     // by a deployment or by hand, with its contact, or since what it set off had no end
  kFailed,    // an action could not be done, or what it sends was given up, and nobody has mended it yet
};

struct RunEntry {
  std::string contact;
  std::string rule;
  std::string file;
  std::uint32_t line = 0;      // of the rule; of a failure and of what waits: of the action
  std::uint32_t revision = 0;  // whose code it is
  std::uint32_t run = 0;       // number among the contact's; 0: it never waited
  RunState state = RunState::kDone;
  std::string text;                // in one line: what it waits for, how it ended, what could not be done
  std::optional<Micros> began_at;  // absent: longer ago than was looked at
  Micros at = 0;                   // own time of the last thing that happened to it
  std::optional<Micros> wakes_at;  // when it goes on by itself
  Sequence sequence = 0;           // the record of that; 0: of a run that waits
  std::int64_t failure = 0;        // kFailed: its number; 0: `delivery` was given up
  std::int64_t delivery = 0;       // kFailed: the number of what could not be sent
  std::vector<std::string> did;    // what it did, oldest first; of what waits and failed nothing
  std::uint32_t failed_count = 0;  // of what it had to do: could not be done then, and may be mended by now
};

struct RunQuery {
  std::optional<std::string> contact;
  std::optional<std::uint32_t> rule;  // its number
  RunState state = RunState::kAny;
};

// Where a list of runs goes on: first what failed, then what was given up outside, then what is open, then what has ended, each newest
// first.
struct RunCursor {
  enum class Part : std::uint8_t { kFailed, kDead, kOpen, kEnded } part = Part::kFailed;
  std::int64_t before = 0;  // a failure's or a delivery's number, contact << 32 | run, a record's sequence; 0: from the newest
};

struct RunPage {
  std::vector<RunEntry> entries;
  std::optional<RunCursor> next;  // absent: that was all
};

// At most `limit` entries from `cursor` on; perhaps none although there are more, since a call looks at 100 000 contacts or 20 000 records
// at most. With a contact only its own records are read. NOT_FOUND: no such contact.
Result<RunPage> ListRuns(Engine& engine, const RunQuery& query, const RunCursor& cursor, std::size_t limit);

// The number of the running scripts' rule with this name (or, without one, the text of its trigger), in any letter case. NOT_FOUND
// (RULE_NOT_FOUND), with the nearest name. Where several have the text of one trigger, ` #2` behind it is the second.
Result<std::uint32_t> FindRule(const ir::Program& program, std::string_view name);

struct WhyNot {
  bool ran = false;  // it did run when it was last set off
  std::string text;  // the answer in one line
  std::optional<Micros> at;
  Sequence sequence = 0;       // of the record that set it off; 0: none did
  std::uint32_t revision = 0;  // whose rule that was
  // The parts of its `when` at that moment (or now, where nothing set it off), as written.
  struct Part {
    std::string text;
    bool holds = false;
    std::string values;  // `status is Open, budget is not set`
  };
  std::vector<Part> parts;
};

// Why the rule did not run for the contact: what set it off last, and what kept it. Reads the contact's records, at most 20 000 of them,
// and works the rest out from these; nothing is stored for it. NOT_FOUND: no such contact.
Result<WhyNot> ExplainNotRun(Engine& engine, std::string_view contact, std::uint32_t rule);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_RUNS_H_
