// The pages of docs/codes/ are true: each code has one, its wrong example gives the code, its right example does not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <set>

#include "dsl/compile.h"
#include "dsl/support/pages.h"
#include "dsl/support/render.h"

namespace stagecraft {

namespace {

// Codes that no script of a sensible size shows; their pages say why.
const std::set<Code> kWithoutExample = {Code::kInvalidUtf8,  Code::kSourceTooLong, Code::kProgramTooLarge, Code::kTooLarge,
                                        Code::kTooManyCases, Code::kNotAnalysed,   Code::kCascadeTooLong,  Code::kCascadeMayBeTooLong};

// Codes that `stagecraft test` finds, in scripts that are right as far as `check` can see.
const std::set<Code> kFoundByTests = {Code::kExpectationFailed, Code::kStepFailed};

struct Outcome {
  std::vector<Diagnostic> diagnostics;
  std::string text;  // as the terminal shows it

  bool Has(Code code) const {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [code](const Diagnostic& diagnostic) { return diagnostic.code == code; });
  }
};

Outcome Check(const PageExample& example) {
  auto script = Compile({Source("example.stage", example.script)});
  if (script.program == nullptr || example.filter.empty()) return {script.diagnostics, Render(script.diagnostics, script.sources)};
  // What a filter says ends with its last word, not with a line break.
  const std::string filter = example.filter.substr(0, example.filter.find_last_not_of('\n') + 1);
  auto condition = CompileCondition(filter, *script.program);
  return {condition.diagnostics, Render(condition.diagnostics, condition.sources)};
}

// What is wrong with the page; empty when nothing is.
std::string Fault(Code code) {
  const auto markdown = PageOf(code);
  if (!markdown) return "has no page; see docs/codes/README.md";
  const Page page = ReadPage(*markdown);
  const std::string heading = CodeName(code) + ": " + std::string(CodeTitle(code));
  if (page.heading != heading) return "the heading is `" + page.heading + "`, not `" + heading + "`";
  if (page.meaning.empty()) return "does not say what the finding means";
  if (page.why.empty()) return "has no section `## Why`";
  const bool has_examples = !page.wrong.script.empty() && !page.right.script.empty();
  if (kWithoutExample.count(code) > 0) return page.no_example.empty() ? "does not say why it has no example" : "";
  if (!has_examples) return "lacks a ```stage block in `## Wrong` or `## Right`";

  const Outcome wrong = Check(page.wrong);
  if (kFoundByTests.count(code) > 0) {
    if (HasErrors(wrong.diagnostics)) return "the wrong example has an error of another kind:\n" + wrong.text;
  } else if (!wrong.Has(code)) {
    return "the wrong example gives\n" + (wrong.text.empty() ? "nothing\n" : wrong.text);
  }
  const Outcome right = Check(page.right);
  if (HasErrors(right.diagnostics) || right.Has(code)) return "the right example gives\n" + right.text;
  return "";
}

std::string Faults(const std::function<std::string(Code)>& fault_of) {
  std::string faults;
  for (const Code code : AllCodes()) {
    const std::string fault = fault_of(code);
    if (!fault.empty()) faults += CodeName(code) + " (" + CodeWords(code) + ") " + fault + "\n";
  }
  return faults;
}

}  // namespace

TEST_CASE("each code has a page with a wrong example that gives it and a right one that does not") {
  const std::string faults = Faults(Fault);
  INFO(faults);
  CHECK(faults.empty());
}

TEST_CASE("the wrong example of a page gives nothing but its code") {
  const std::string faults = Faults([](Code code) -> std::string {
    const auto markdown = PageOf(code);
    const PageExample example = markdown ? ReadPage(*markdown).wrong : PageExample();
    if (example.script.empty()) return "";
    const Outcome wrong = Check(example);
    const bool is_pure = std::all_of(wrong.diagnostics.begin(), wrong.diagnostics.end(), [code](const Diagnostic& diagnostic) {
      return diagnostic.code == code || diagnostic.severity != Severity::kError;
    });
    return is_pure ? "" : "the wrong example gives other errors, too\n" + wrong.text;
  });
  INFO(faults);
  CHECK(faults.empty());
}

TEST_CASE("each page belongs to a code") {
  for (const auto& entry : std::filesystem::directory_iterator(STAGECRAFT_CODE_PAGES)) {
    const std::string name = entry.path().stem().string();
    if (name == "README") continue;
    INFO(name);
    CHECK(FindCode(name).has_value());
  }
}

}  // namespace stagecraft
