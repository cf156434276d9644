// Runs the cases of a file: shell commands with what they must print and how they must end.
//
//   # title
//   command, one or several lines; `stagecraft` is the binary under test
//   ---- stdout
//   expected text
//   ---- stderr
//   expected text
//   ---- exit 1
//
// A section that is missing expects nothing there, and exit 0. Commands run in a fresh folder, with SOURCE naming the checkout;
// tests/cli/prelude.sh is there for them. UPDATE_GOLDEN=1 writes what came out into the file.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Outcome {
  std::string out, err;
  int exit_code = 0;
  friend bool operator==(const Outcome& a, const Outcome& b) { return a.out == b.out && a.err == b.err && a.exit_code == b.exit_code; }
};

struct Case {
  std::string title;
  std::string command;
  Outcome expected;
};

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Case> ReadCases(const fs::path& path) {
  std::vector<Case> cases;
  std::ifstream file(path);
  std::string* section = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, 2, "# ") == 0) {
      section = &cases.emplace_back(Case{line.substr(2), "", {}}).command;
    } else if (cases.empty()) {
      continue;
    } else if (line == "---- stdout") {
      section = &cases.back().expected.out;
    } else if (line == "---- stderr") {
      section = &cases.back().expected.err;
    } else if (line.compare(0, 10, "---- exit ") == 0) {
      cases.back().expected.exit_code = std::atoi(line.c_str() + 10);
      section = nullptr;
    } else if (section != nullptr) {
      *section += line + "\n";
    }
  }
  // The empty line between two cases belongs to none of them.
  for (auto& each : cases) {
    auto& last = !each.expected.err.empty() ? each.expected.err : !each.expected.out.empty() ? each.expected.out : each.command;
    if (each.expected.exit_code == 0 && last.size() > 1 && last.compare(last.size() - 2, 2, "\n\n") == 0) last.pop_back();
  }
  return cases;
}

Outcome RunCase(const Case& each, const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder / "work");
  std::ofstream(folder / "script") << ". \"$SOURCE/tests/cli/prelude.sh\"\n" << each.command;
  const auto command = "cd '" + (folder / "work").string() + "' && bash ../script >../out 2>../err";
  const int status = std::system(command.c_str());
  return {Slurp(folder / "out"), Slurp(folder / "err"), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

void WriteCases(const fs::path& path, const std::vector<Case>& cases) {
  std::ofstream file(path);
  const char* gap = "";
  for (const auto& each : cases) {
    file << gap << "# " << each.title << "\n" << each.command;
    if (!each.expected.out.empty()) file << "---- stdout\n" << each.expected.out;
    if (!each.expected.err.empty()) file << "---- stderr\n" << each.expected.err;
    if (each.expected.exit_code != 0) file << "---- exit " << each.expected.exit_code << "\n";
    gap = "\n";
  }
}

void PrintDifference(const char* what, const std::string& expected, const std::string& got) {
  if (expected == got) return;
  std::cout << "---- expected " << what << "\n" << expected << "---- got\n" << got;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: cli_cases FILE FOLDER\n";
    return 2;
  }
  auto cases = ReadCases(argv[1]);
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  int failed = 0;
  for (auto& each : cases) {
    auto outcome = RunCase(each, fs::absolute(argv[2]));
    if (update) {
      each.expected = std::move(outcome);
    } else if (!(outcome == each.expected)) {
      ++failed;
      std::cout << "FAILED: " << each.title << "\n" << each.command;
      PrintDifference("stdout", each.expected.out, outcome.out);
      PrintDifference("stderr", each.expected.err, outcome.err);
      if (outcome.exit_code != each.expected.exit_code)
        std::cout << "exit " << outcome.exit_code << ", expected " << each.expected.exit_code << "\n";
    }
  }
  if (update) WriteCases(argv[1], cases);
  fs::remove_all(argv[2]);
  std::cout << cases.size() - static_cast<std::size_t>(failed) << " of " << cases.size() << " cases passed\n";
  return failed == 0 && !cases.empty() ? 0 : 1;
}
