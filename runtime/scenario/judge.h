// Does an expectation hold, and what is there instead when it does not?
#ifndef STAGECRAFT_RUNTIME_SCENARIO_JUDGE_H_
#define STAGECRAFT_RUNTIME_SCENARIO_JUDGE_H_

#include <optional>
#include <string>

#include "runtime/scenario/test_world.h"

namespace stagecraft::runtime {

class Judge {
 public:
  Judge(const Prepared& prepared, TestWorld& world) : prepared_(prepared), program_(*prepared.program), world_(world) {}

  // Nothing when the expectation holds; otherwise what there is, for people: `status is Open`, `there is no task`.
  std::optional<std::string> Contradict(const sema::TestExpectation& expectation);
  // The promise that was broken since the test began; nothing when none was.
  std::optional<std::string> BrokenPromise();

 private:
  std::optional<std::string> Condition(const sema::TestExpectation& expectation);
  std::string ShownReading(const runtime::Contact& contact, const ir::TestCondition::Read& read) const;
  std::optional<std::string> Reason(const sema::TestExpectation& expectation);
  std::optional<std::string> Sla(const sema::TestExpectation& expectation);
  std::optional<std::string> Sequence(const sema::TestExpectation& expectation);
  std::optional<std::string> Fired(const sema::TestExpectation& expectation);
  // Tasks and the like: counts those of `things` for which `matches` holds; `describe` tells one.
  template <typename Thing, typename Matches, typename Describe>
  std::optional<std::string> Things(const sema::TestExpectation& expectation, std::vector<Thing> Record::*things, std::string_view word,
                                    Matches matches, Describe describe);
  std::optional<std::string> Tasks(const sema::TestExpectation& expectation);
  std::optional<std::string> Notifications(const sema::TestExpectation& expectation);
  bool HasBeenAt(const Deal& made, std::string_view stage) const;
  std::optional<std::string> Deals(const sema::TestExpectation& expectation);
  std::optional<std::string> Deliveries(const sema::TestExpectation& expectation, DeliveryKind kind);

  bool IsFor(const std::optional<sema::TestRecipient>& recipient, std::string_view user) const;
  std::string Shown(Micros at) const;
  bool IsNamed(std::uint32_t rule, const std::string& name) const;

  const Prepared& prepared_;
  const ir::Program& program_;
  TestWorld& world_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_JUDGE_H_
