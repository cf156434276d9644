#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "dsl/graph/choose.h"
#include "dsl/graph/render.h"
#include "dsl/ir/dump.h"
#include "dsl/mend.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

CompileResult CompileText(const std::string& script) {
  std::vector<Source> sources;
  sources.emplace_back("script.stage", script);
  return Compile(std::move(sources));
}

// The last line is a filter; the lines before it are the script that it is asked of.
std::string CheckFilter(const std::string& text) {
  const std::size_t break_before = text.size() < 2 ? std::string::npos : text.find_last_of('\n', text.size() - 2);
  const std::size_t filter_begin = break_before == std::string::npos ? 0 : break_before + 1;
  const CompileResult compiled = CompileText(text.substr(0, filter_begin));
  if (!compiled.program) return Describe(compiled.diagnostics, compiled.sources);
  const ConditionResult filter = CompileCondition(text.substr(filter_begin), *compiled.program);
  if (!filter.condition.has_value()) return Describe(filter.diagnostics, filter.sources);
  return "good, " + std::to_string(filter.condition->tests.size()) + " tests\n";
}

// The script after `check --fix`, then what is found in it still.
std::string FixText(const std::string& script) {
  const Mended mended =
      MendScripts({Source("script.stage", script)}, [](std::vector<Source> sources) { return Compile(std::move(sources)); });
  return std::string(mended.result.sources.front().text()) + Describe(mended.result.diagnostics, mended.result.sources);
}

// The picture of `of`, then errors.
std::string Draw(const std::string& script, const std::string& of, std::string (*render)(const graph::RuleGraph&)) {
  const CompileResult compiled = CompileText(script);
  if (!compiled.program) return Describe(compiled.diagnostics, compiled.sources);
  const auto graph = graph::MakeGraph(*compiled.program, of);
  return graph.has_value() ? render(*graph) : graph.error() + "\n";
}

}  // namespace

void AddCompilerKinds(Kinds& kinds) {
  kinds["check"] = [](const LanguageCase& one) {
    const CompileResult result = CompileText(one.script);
    return Describe(result.diagnostics, result.sources);
  };
  kinds["program"] = [](const LanguageCase& one) {
    const CompileResult result = CompileText(one.script);
    return result.program ? ir::Dump(*result.program) : Describe(result.diagnostics, result.sources);
  };
  kinds["filter"] = [](const LanguageCase& one) { return CheckFilter(one.script); };
  kinds["fix"] = [](const LanguageCase& one) { return FixText(one.script); };
  for (const char* of : {"status", "lifecycle", "step", "rules"}) {
    const std::string name = of;
    kinds[name + " as dot"] = [name](const LanguageCase& one) { return Draw(one.script, name, graph::RenderDot); };
    kinds[name + " as mermaid"] = [name](const LanguageCase& one) { return Draw(one.script, name, graph::RenderMermaid); };
  }
}

}  // namespace stagecraft::tests
