// What the engine keeps of rules as such: which are switched off, and which contacts are still to be enrolled in them.
#ifndef STAGECRAFT_RUNTIME_ENGINE_RULE_STATES_H_
#define STAGECRAFT_RUNTIME_ENGINE_RULE_STATES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/codec.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// The contacts that were there when a revision was deployed start those of its rules whose state they are in, in the order of their
// numbers, each before anything else happens to it.
struct Enrolment {
  std::uint32_t revision = 0;
  Sequence deployed_in = 0;  // the last record of the deployment
  Micros at = 0;             // of the deployment: the own time of all that comes of it
  std::uint32_t next = 0;    // the contacts before this one have been looked at
  std::uint32_t end = 0;     // so many contacts there were
  bool is_given_up = false;  // the contacts from `next` on have no turn
  std::uint64_t enrolled = 0;
  std::vector<std::uint32_t> rules;  // ascending

  bool IsDone() const { return is_given_up || next >= end; }
  bool Has(std::uint32_t rule) const;
  // How far it is, in one number, as it is kept: `next`; of one that is given up as much beyond the end.
  std::uint64_t Place() const { return is_given_up ? std::uint64_t{end} + 1 + next : next; }
  void SetPlace(std::uint64_t place);

  friend bool operator==(const Enrolment&, const Enrolment&) = default;
};

struct RuleStates {
  std::vector<std::uint32_t> switched_off;  // ascending
  std::vector<Enrolment> enrolments;        // ascending by revision; those that are done stay until the next deployment

  bool IsOff(std::uint32_t rule) const;
  bool IsEnrolling() const;
  // nullptr: there is none that is not done.
  Enrolment* FirstOpen();
  // What a record of no contact did, or of a contact with kind kEnrolment.
  void Fold(const Record& record);
  // Another revision takes over: what is done is forgotten, and so are rules that do something else now.
  void Follow(const ir::Program& before, const ir::Program& after);

  friend bool operator==(const RuleStates&, const RuleStates&) = default;
};

void PutRuleStates(Writer& writer, const RuleStates& states);
void GetRuleStates(Reader& reader, RuleStates& states);

// `program` with those rules switched off that are, and what it keeps of them for their runs; itself when none is.
std::shared_ptr<const ir::Program> WithSwitches(std::shared_ptr<const ir::Program> program, const RuleStates& states);

// Rules of `after` that contacts which were there before can be enrolled in: enabled, new or changed since `before`, and set off by a
// state that one can be in.
std::vector<std::uint32_t> RulesToEnrol(const ir::Program& before, const ir::Program& after);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_RULE_STATES_H_
