// The executor under a hand-moved clock, without a store or threads: what the engine does with contacts and timers, in the
// fewest lines. Histories and property tests run on it.
#ifndef STAGECRAFT_TESTS_SUPPORT_SIMULATION_H_
#define STAGECRAFT_TESTS_SUPPORT_SIMULATION_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/deal_index.h"
#include "runtime/exec/executor.h"
#include "runtime/exec/resolve.h"

namespace stagecraft::runtime {

class Simulation {
 public:
  Simulation(std::shared_ptr<const ir::Program> program, Micros start, ExecLimits limits = {});

  const ir::Program& program() const { return executor_.program(); }
  Micros now() const { return now_; }
  const std::deque<Contact>& contacts() const { return contacts_; }
  const Contact* Find(std::string_view id) const;
  const std::vector<Record>& records() const { return records_; }
  const Executor& executor() const { return executor_; }

  // Makes the contact when it is missing. Timers of the contact that are due by the event's own time fire before it. Not ok:
  // the event was rejected or its cascade did not end.
  Status Apply(const EventInput& input);
  // Fires what falls due up to `to`, in order.
  void AdvanceTo(Micros to);

  // What recovery does: the contacts and the shared state, made again from the records alone.
  struct Folded {
    std::map<std::uint32_t, Contact> contacts;
    SharedState shared;
    Companies companies;
  };
  Folded Fold() const;
  const SharedState& shared() const { return shared_; }
  const Companies& companies() const { return companies_; }

 private:
  struct Due {
    Micros at = 0;
    std::uint32_t contact = 0;
    std::uint32_t rule = kNoRule;
    std::uint32_t run = 0;
  };

  // The first timer that is due by `by`; of one contact, or of all.
  std::optional<Due> NextDue(Micros by, const Contact* only) const;
  void Fire(const Due& due);
  Record& Begin(RecordKind kind, Contact& contact, Micros occurred_at);
  void Finish(Contact& contact);
  // Brings what the records from `first` on have changed of companies to their members.
  void Spread(std::size_t first);
  void BringTo(Contact& contact, const Company& company, Micros at, bool quiet);
  bool IsBehind(const Contact& contact, const Company& company) const;

  Executor executor_;
  SharedState shared_;
  Companies companies_;
  Items items_;
  DealIndex deals_{items_.deals};
  std::deque<Contact> contacts_;
  std::vector<Micros> closes_at_;  // by contact: the next closing of a window that is to be looked at
  std::vector<Record> records_;
  std::vector<std::uint32_t> by_person_;  // of the event that is spread
  std::uint32_t by_person_of_ = 0;
  Micros now_ = 0;
};

// What must hold of every simulation, whatever was done to it: folding its records gives its contacts to the byte and its
// shared state; derived values are those computed from scratch; records and contacts survive packing. Empty when it holds.
std::string FindFlaw(const Simulation& simulation);

// One line for each effect that people care about, in their words: `status: New → Open by "rule"`.
std::vector<std::string> DescribeEffects(const ir::Program& program, const Record& record);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_SUPPORT_SIMULATION_H_
