// The formatter on every script there is: of the other cases here, of the examples, and the one of the language's own page. What it
// gives is settled, has the same tree, and compiles to the same program.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <utility>

#include "dsl/compile.h"
#include "dsl/fmt/format.h"
#include "dsl/ir/dump.h"
#include "dsl/syntax/parser.h"
#include "tests/language/cases.h"
#include "tests/language/tree_dump.h"

namespace stagecraft::tests {

namespace {

const std::filesystem::path kSourceFolder = STAGECRAFT_SOURCE_FOLDER;

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Without the numbers of lines.
std::string TreeOf(const std::string& script) {
  static const std::regex kLine(" in line [0-9]+");
  return std::regex_replace(Dump(syntax::Parse(Source("script.stage", script), 0).script), kLine, "");
}

// The program, or the codes of what hinders it; without the numbers of lines.
std::string ProgramOf(const std::string& script) {
  const CompileResult result = Compile({Source("script.stage", script)});
  static const std::regex kLine(" at (script\\.stage:)?[0-9]+");
  std::string text = result.program ? std::regex_replace(ir::Dump(*result.program), kLine, "") : "no program\n";
  for (const Diagnostic& diagnostic : result.diagnostics) {
    // It is about the layout.
    if (diagnostic.code != Code::kWhenBeginsRule) text += CodeName(diagnostic.code) + "\n";
  }
  return text;
}

void CheckFormatted(const std::string& script) {
  const FormatResult result = Format(Source("script.stage", script));
  CHECK_FALSE(result.gave_up);
  CHECK_FALSE(Format(Source("script.stage", result.text)).changed);
  CHECK(TreeOf(result.text) == TreeOf(script));
  CHECK(ProgramOf(result.text) == ProgramOf(script));
}

}  // namespace

TEST_CASE("formatting changes no meaning: the scripts of these cases") {
  ForEachCase([](const LanguageCase& one) { CheckFormatted(one.script); });
}

TEST_CASE("formatting changes no meaning: the examples and the standard vocabulary") {
  for (const char* folder : {"examples", "dsl/std"}) {
    INFO(folder);
    int scripts = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kSourceFolder / folder)) {
      if (entry.path().extension() != ".stage") continue;
      INFO(entry.path().string());
      CheckFormatted(ReadText(entry.path()));
      ++scripts;
    }
    REQUIRE(scripts > 0);
  }
}

TEST_CASE(
    "formatting changes no meaning: the whole script of the language's page, which is laid out as it should be but for a few blanks") {
  const std::filesystem::path page = kSourceFolder.parent_path() / "shared/language.md";
  if (!std::filesystem::exists(page)) {
    WARN("skipped: " << page.string() << " is not there");
    return;
  }
  const std::string text = ReadText(page);
  const std::string fence = "\n```\n";
  REQUIRE(text.find(fence) != std::string::npos);
  const std::size_t begin = text.find(fence) + fence.size();
  const std::string script = text.substr(begin, text.find(fence, begin) + 1 - begin);
  CheckFormatted(script);
  const FormatResult result = Format(Source("script.stage", script));
  CHECK(result.diagnostics.empty());
  // Two comments and two pairs of declarations whose columns are further apart on the page.
  std::istringstream before(script);
  std::istringstream after(result.text);
  int changed = 0;
  for (std::string line, other; std::getline(before, line) && std::getline(after, other);) changed += line == other ? 0 : 1;
  CHECK(changed == 6);
}

}  // namespace stagecraft::tests
