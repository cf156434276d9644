// Language cases as data: a file holds cases, each a title, a kind, a script, and what must come of it. README.md here says what the kinds
// are and how each is written.
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
  int line = 0;       // of the title
  std::string intro;  // of a file's first case: the comment that the file begins with
};

// What comes of the script of a case, as text. Only histories look at what is expected: their steps stand there.
using Kind = std::function<std::string(const LanguageCase& one)>;
using Kinds = std::map<std::string, Kind>;

// The kinds that need the parser only: parse (diagnostics), tree (the tree, then diagnostics), condition (the same of a condition
// alone), render (diagnostics as a terminal shows them).
void AddSyntaxKinds(Kinds& kinds);
// The kinds that need the whole compiler: check (diagnostics), program (the program, or why there is none), filter (of the last line,
// asked of the script before it), fix (the script after `check --fix`, then what is still found), and pictures: `status as dot`, `rules as
// mermaid` (of status, lifecycle, the property step, or rules).
void AddCompilerKinds(Kinds& kinds);
// The kinds that run the script's tests: test (what came of each), story (with what happened in those that failed), coverage (what they
// have seen), mutants (what they notice).
void AddScenarioKinds(Kinds& kinds);

// The kind fmt: the script in the canonical layout, then its syntax errors, and a word when a second time changes it again.
void AddFormatKinds(Kinds& kinds);

// The kind history: what the script does, event by event.
void AddHistoryKind(Kinds& kinds);

// The kind long history: the same on the whole engine, where scripts change and contacts come and go.
void AddLongHistoryKind(Kinds& kinds);

// All of these.
const Kinds& AllKinds();

// The files of cases below `folder`, a folder for each chapter of docs/language.md, as paths within it, in order.
std::vector<std::filesystem::path> CaseFiles(const std::filesystem::path& folder);

// Throws std::runtime_error where a line belongs to no case, or a case does not say what must come of it.
std::vector<LanguageCase> ReadCases(const std::filesystem::path& file);
void WriteCases(const std::filesystem::path& file, const std::vector<LanguageCase>& cases);

// Visits every case of the suite; what fails in `visit` is reported with the place of the case. Fails when there is none.
void ForEachCase(const std::function<void(const LanguageCase& one)>& visit);

// One line for each diagnostic, `line:column-line:column severity code message`, and its help and fix under it.
std::string Describe(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_LANGUAGE_CASES_H_
