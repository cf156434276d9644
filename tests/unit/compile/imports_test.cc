#include "dsl/imports.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/compile/compiled.h"

namespace stagecraft::tests {

namespace {

CompileResult CompileFiles(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<Source> sources;
  for (const auto& [name, text] : files) sources.emplace_back(name, text);
  return Compile(std::move(sources));
}

}  // namespace

TEST_CASE("an import is found from the folder of the file that imports") {
  CHECK(ImportedName("main.stage", "other.stage") == "other.stage");
  CHECK(ImportedName("sales/main.stage", "other.stage") == "sales/other.stage");
  CHECK(ImportedName("./sales/main.stage", "../shared/words.stage") == "shared/words.stage");
  CHECK(ImportedName("sales/main.stage", "./a/../b.stage") == "sales/b.stage");
  CHECK(ImportedName("sales/main.stage", "/etc/stagecraft/all.stage") == "/etc/stagecraft/all.stage");
  CHECK(ImportedName("-", "other.stage") == "other.stage");
}

TEST_CASE("the files that a file imports, as far as it can be read") {
  const Source source("sales/main.stage", "import \"a.stage\"\non SQL set statsu\nimport \"../b.stage\"\nnonsense\n");
  CHECK(ImportsOf(source) == std::vector<std::string>{"sales/a.stage", "b.stage"});
  CHECK(ImportsOf(Source("main.stage", "on list imported notify owner\n")).empty());
}

TEST_CASE("imported files are among the sources") {
  const CompileResult result = CompileFiles({{"sales/main.stage", "import \"words.stage\"\non SQL set budget 5\n"},
                                             {"./sales/words.stage", "import \"main.stage\"\nproperty budget money\n"}});
  INFO(Render(result.diagnostics, result.sources));
  CHECK(result.program != nullptr);
}

TEST_CASE("an import that is not among the sources names the nearest one") {
  const CompileResult result =
      CompileFiles({{"sales/main.stage", "on SQL notify owner\nimport \"wrods.stage\"\n"}, {"sales/words.stage", ""}});
  REQUIRE(result.diagnostics.size() == 1);
  const Diagnostic& diagnostic = result.diagnostics.front();
  CHECK(CodeName(diagnostic.code) == "SC0219");
  CHECK(diagnostic.message == "the file `sales/wrods.stage` is not there");
  CHECK(diagnostic.help == std::vector<std::string>{"did you mean \"words.stage\"?", "the files are sales/main.stage, sales/words.stage"});
  Fix other_file = Replace(diagnostic.span, "\"words.stage\"");
  other_file.safe = false;
  CHECK(diagnostic.fixes == std::vector<Fix>{other_file});
  CHECK(result.sources[0].PositionAt(diagnostic.span.begin) == Position{2, 8});
}

TEST_CASE("what is declared twice in two files points to the first") {
  const CompileResult result = CompileFiles({{"a.stage", "property budget money\n"}, {"b.stage", "property Budget number\n"}});
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics.front().span.source == 1);
  REQUIRE(result.diagnostics.front().notes.size() == 1);
  CHECK(result.diagnostics.front().notes.front().span == Span{0, 9, 15});
}

}  // namespace stagecraft::tests
