// Registers every data file of this folder as a test case of its name.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/histories/history.h"

namespace stagecraft::runtime {
namespace {

void Check(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  const std::vector<HistoryCase> cases = ParseHistories(content.str());
  REQUIRE_FALSE(cases.empty());
  std::vector<HistoryCase> replayed;
  for (const HistoryCase& history : cases) {
    INFO(history.title);
    replayed.push_back(Replay(history));
  }
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << PrintHistories(replayed);
    return;
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].title);
    CHECK(PrintHistories({replayed[i]}) == PrintHistories({cases[i]}));
  }
}

void CheckCurrent() {
  Check(std::filesystem::path(STAGECRAFT_HISTORIES_FOLDER) / (Catch::getResultCapture().getCurrentTestName() + ".test"));
}

// Runs before main, so that every file is a test case that can be chosen by its name.
[[maybe_unused]] const int registered = [] {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(STAGECRAFT_HISTORIES_FOLDER)) {
    if (entry.path().extension() != ".test") continue;
    REGISTER_TEST_CASE(CheckCurrent, entry.path().stem().string());
    ++count;
  }
  return count;
}();

}  // namespace
}  // namespace stagecraft::runtime
