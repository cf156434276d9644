// One test, step by step.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_TEST_RUN_H_
#define STAGECRAFT_RUNTIME_SCENARIO_TEST_RUN_H_

#include "runtime/scenario/scenario.h"
#include "runtime/scenario/test_world.h"

namespace stagecraft::runtime {

class TestRun {
 public:
  TestRun(const Prepared& prepared, const sema::Test& test, const Onlooker& onlooker);

  // Ends at the first step that does not go as it should. `told`: with the story, when it fails.
  void Run(TestOutcome& outcome, bool told);

 private:
  bool Begin();
  bool Take(const sema::TestStep& step);
  bool Happen(const sema::TestEvent& event);
  bool Wait(const sema::TestWait& wait);
  Status PassTo(Micros moment);
  bool Expect(const sema::TestExpects& expects);
  // Of what no step says: a promise that nobody expects to be broken.
  void CheckPromises();
  bool Fail(std::string tried, std::string why);
  // True when all went well.
  bool Check(const Status& status, std::string tried);
  Micros MomentOf(const sema::TestMoment& moment) const;
  Micros StartOf() const;

  const Prepared& prepared_;
  const sema::Test& test_;
  CoverageCounts* const counts_;
  TestWorld world_;
  Span span_;  // of the step that is being taken
  std::vector<TestFailure> failures_;
  bool cancelled_ = false;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_TEST_RUN_H_
