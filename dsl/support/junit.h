// JUnit XML as CI systems read it: suites of cases. For `check` and `test`.
#ifndef STAGECRAFT_DSL_SUPPORT_JUNIT_H_
#define STAGECRAFT_DSL_SUPPORT_JUNIT_H_

#include <string>
#include <vector>

namespace stagecraft {

struct JunitFailure {
  std::string type;     // "SC0203"
  std::string message;  // one line
  std::string text;     // the whole story
};

struct JunitCase {
  std::string class_name;  // the file
  std::string name;
  double seconds = 0;
  bool skipped = false;
  std::vector<JunitFailure> failures;
  std::string output;  // may be empty
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

// One document. Characters that XML cannot hold become U+FFFD.
std::string RenderJunit(const std::vector<JunitSuite>& suites);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_JUNIT_H_
