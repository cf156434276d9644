// Registers each file of cases in this folder as one test case. UPDATE_GOLDEN=1 writes what comes out into the files.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

const std::filesystem::path kFolder = STAGECRAFT_LANGUAGE_CASES;

bool UpdatesGolden() {
  const char* value = std::getenv("UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

void RunFile() {
  const std::filesystem::path file = kFolder / (Catch::getResultCapture().getCurrentTestName() + ".test");
  std::vector<LanguageCase> cases = ReadCases(file);
  REQUIRE_FALSE(cases.empty());
  for (LanguageCase& one : cases) {
    INFO(file.string() << ":" << one.line << ": " << one.title);
    const std::string result = AllKinds().at(one.kind)(one);
    if (UpdatesGolden()) {
      one.expected = result;
    } else {
      CHECK(result == one.expected);
    }
  }
  if (UpdatesGolden()) WriteCases(file, cases);
}

// Catch2 lists the test cases before it runs any, so they are registered before main.
const bool kRegistered = [] {
  for (std::filesystem::path file : CaseFiles(kFolder)) REGISTER_TEST_CASE(RunFile, file.replace_extension().string(), "[language]");
  return true;
}();

}  // namespace

}  // namespace stagecraft::tests
