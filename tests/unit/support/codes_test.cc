#include <catch2/catch.hpp>

#include "dsl/support/diagnostic.h"

namespace stagecraft {

TEST_CASE("a code has a name, a name in words, a title and a way back") {
  CHECK(CodeName(Code::kUnknownOption) == "SC0203");
  CHECK(CodeWords(Code::kUnknownOption) == "unknown-option");
  CHECK(CodeTitle(Code::kUnknownOption) == "unknown option");
  CHECK(CodeSeverity(Code::kBackwardMove) == Severity::kWarning);
  CHECK(FindCode("sc0203") == Code::kUnknownOption);
  CHECK(FindCode("Unknown-Option") == Code::kUnknownOption);
  CHECK_FALSE(FindCode("SC9999"));
  CHECK_FALSE(FindCode(""));
}

TEST_CASE("the codes stand in the order of their numbers, each once") {
  unsigned last = 0;
  for (const Code code : AllCodes()) {
    CHECK(static_cast<unsigned>(code) > last);
    last = static_cast<unsigned>(code);
    CHECK(FindCode(CodeName(code)) == code);
    CHECK(FindCode(CodeWords(code)) == code);
  }
}

}  // namespace stagecraft
