#include "dsl/support/render.h"
#include "dsl/syntax/parser.h"
#include "tests/language/cases.h"
#include "tests/language/tree_dump.h"

namespace stagecraft::tests {

namespace {

SourceSet OneSource(const std::string& script) { return {Source("script.stage", script)}; }

}  // namespace

void AddSyntaxKinds(Kinds& kinds) {
  kinds["parse"] = [](const LanguageCase& one) {
    const SourceSet sources = OneSource(one.script);
    return Describe(syntax::Parse(sources[0], 0).diagnostics, sources);
  };
  kinds["tree"] = [](const LanguageCase& one) {
    const SourceSet sources = OneSource(one.script);
    const syntax::ParseResult result = syntax::Parse(sources[0], 0);
    return Dump(result.script) + Describe(result.diagnostics, sources);
  };
  kinds["condition"] = [](const LanguageCase& one) {
    const SourceSet sources = OneSource(one.script);
    const syntax::ParseConditionResult result = syntax::ParseCondition(sources[0], 0);
    return (result.condition ? Dump(*result.condition) + "\n" : "") + Describe(result.diagnostics, sources);
  };
  kinds["render"] = [](const LanguageCase& one) {
    const SourceSet sources = OneSource(one.script);
    return Render(syntax::Parse(sources[0], 0).diagnostics, sources);
  };
}

}  // namespace stagecraft::tests
