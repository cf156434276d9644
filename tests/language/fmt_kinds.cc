#include "dsl/fmt/format.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

void AddFormatKinds(Kinds& kinds) {
  kinds["fmt"] = [](const LanguageCase& one) {
    const SourceSet sources = {Source("script.stage", one.script)};
    const FormatResult result = Format(sources[0]);
    const FormatResult again = Format(Source("script.stage", result.text));
    return result.text + Describe(result.diagnostics, sources) + (result.gave_up ? "some declarations were given up\n" : "") +
           (again.changed ? "a second time changes it again:\n" + again.text : "");
  };
}

}  // namespace stagecraft::tests
