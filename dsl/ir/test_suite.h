// The tests of a script, ready to be run against its program. They are no part of the program: what is deployed has none.
#ifndef STAGECRAFT_DSL_IR_TEST_SUITE_H_
#define STAGECRAFT_DSL_IR_TEST_SUITE_H_

#include <memory>
#include <string>
#include <vector>

#include "dsl/ir/condition.h"
#include "dsl/ir/program.h"
#include "dsl/sema/test_checked.h"
#include "dsl/support/diagnostic.h"

namespace stagecraft::ir {

struct TestCondition {
  CompiledCondition compiled;
  // The values that it reads, each once, by the names that people know: what there is to say when it does not hold.
  struct Read {
    std::string name;
    Operand operand;
    bool is_list = false;  // membership of the list `name`
  };
  std::vector<Read> reads;
};

struct TestSuite {
  std::shared_ptr<const sema::TestSet> tests;
  std::vector<TestCondition> conditions;  // by TestExpectation::condition_number
};

// The suite of `script`'s tests for the program that was lowered from it. Adds a diagnostic for each condition that asks for events that
// the program does not keep.
TestSuite LowerTests(const sema::CheckedScript& script, const Program& program, std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_TEST_SUITE_H_
