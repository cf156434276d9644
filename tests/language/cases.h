// Language cases as data: a file holds cases, each a title, a kind, a script, and what must come of it.
//
//   # an unknown status names the nearest one
//   check
//   on SQL set status Nwe
//   ----
//   1:19-1:22 error SC0203 `status` has no option "Nwe"
//     help did you mean "New"?
//
// A case begins at a `# title` line that is followed by the name of a kind. Empty lines at the end of a part do not count.
#ifndef STAGECRAFT_TESTS_LANGUAGE_CASES_H_
#define STAGECRAFT_TESTS_LANGUAGE_CASES_H_

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"

namespace stagecraft::tests {

struct LanguageCase {
  std::string title;
  std::string kind;
  std::string script;
  std::string expected;
  int line = 0;  // of the title
};

// What comes of a script, as text.
using Kind = std::function<std::string(const std::string& script)>;
using Kinds = std::map<std::string, Kind>;

// The kinds that need the parser only: parse (diagnostics), tree (the tree, then diagnostics), condition (the same of a condition
// alone), render (diagnostics as a terminal shows them).
void AddSyntaxKinds(Kinds& kinds);
// The kinds that need the whole compiler: check (diagnostics), program (the program, or why there is none), filter (of the last line,
// asked of the script before it), and pictures: `status as dot`, `rules as mermaid` (of status, lifecycle, the property step, or rules).
void AddCompilerKinds(Kinds& kinds);
// The kinds that run the script's tests: test (what came of each), story (with what happened in those that failed), coverage (what they
// have seen), mutants (what they notice).
void AddScenarioKinds(Kinds& kinds);

// The kind fmt: the script in the canonical layout, then its syntax errors, and a word when a second time changes it again.
void AddFormatKinds(Kinds& kinds);

std::vector<LanguageCase> ReadCases(const std::filesystem::path& file, const Kinds& kinds);
void WriteCases(const std::filesystem::path& file, const std::vector<LanguageCase>& cases);

// One line for each diagnostic, `line:column-line:column severity code message`, and its help and fix under it.
std::string Describe(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_LANGUAGE_CASES_H_
