// Going through a condition's tests.
#ifndef STAGECRAFT_DSL_IR_TEST_WALK_H_
#define STAGECRAFT_DSL_IR_TEST_WALK_H_

#include <cstdint>
#include <vector>

#include "dsl/ir/program.h"

namespace stagecraft::ir {

// Goes through the tests that can be reached from an entry, each once. Keeps its scratch from one condition to the next, since a program
// has thousands. `tests` may grow in between and must outlive it.
class TestWalk {
 public:
  explicit TestWalk(const std::vector<Test>& tests) : tests_(tests) {}

  // Calls visit(test) for each.
  template <typename Visitor>
  void operator()(Entry entry, Visitor visit) {
    std::vector<Entry> open = {entry};
    ++walk_;
    walked_in_.resize(tests_.size());
    while (!open.empty()) {
      const Entry next = open.back();
      open.pop_back();
      if (next == kHolds || next == kFails || walked_in_[next] == walk_) continue;
      walked_in_[next] = walk_;
      const Test& test = tests_[next];
      visit(test);
      open.insert(open.end(), {test.on_true, test.on_false});
    }
  }

 private:
  const std::vector<Test>& tests_;
  std::vector<std::uint32_t> walked_in_;  // by test: the walk that came by last
  std::uint32_t walk_ = 0;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_TEST_WALK_H_
