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
// The exit stands last; a line that belongs to no section is a mistake. A section that is missing expects nothing there, and exit 0.
// Commands run in a fresh folder, with SOURCE naming the checkout; tests/cli/prelude.sh is there for them. UPDATE_GOLDEN=1 writes what came
// out into the file.
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

[[noreturn]] void Refuse(const fs::path& path, int line, const std::string& what) {
  std::cerr << path.string() << ":" << line << ": " << what << "\n";
  std::exit(2);
}

int ReadExit(const fs::path& path, int line, const std::string& text) {
  const bool is_code = !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_code) Refuse(path, line, "`" + text + "` is no exit code");
  return std::atoi(text.c_str());
}

std::vector<Case> ReadCases(const fs::path& path) {
  const std::string exit = "---- exit ";
  std::vector<Case> cases;
  std::ifstream file(path);
  std::string* section = nullptr;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("# ")) {
      section = &cases.emplace_back(Case{line.substr(2), "", {}}).command;
    } else if (section == nullptr) {
      if (!line.empty()) Refuse(path, number, "`" + line + "` belongs to no section of a case");
    } else if (line == "---- stdout") {
      section = &cases.back().expected.out;
    } else if (line == "---- stderr") {
      section = &cases.back().expected.err;
    } else if (line.starts_with(exit)) {
      cases.back().expected.exit_code = ReadExit(path, number, line.substr(exit.size()));
      section = nullptr;
    } else if (line.starts_with("---- ")) {
      Refuse(path, number, "`" + line + "`: there is stdout, stderr and exit");
    } else {
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
