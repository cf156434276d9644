#include "tests/language/cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace stagecraft::tests {

namespace {

constexpr std::string_view kDivider = "----";

std::vector<std::string> ReadLines(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool BeginsCase(const std::vector<std::string>& lines, std::size_t at) {
  return lines[at].starts_with("# ") && at + 1 < lines.size() && AllKinds().contains(lines[at + 1]);
}

[[noreturn]] void Refuse(const std::filesystem::path& file, int line, const std::string& what) {
  throw std::runtime_error(fmt::format("{}:{}: {}", file.string(), line, what));
}

std::string WithoutEmptyEnd(std::string text) {
  while (text.ends_with("\n\n") || text == "\n") text.pop_back();
  return text;
}

std::string Place(const Source& source, const Span& span) {
  const Position begin = source.PositionAt(span.begin);
  const Position end = source.PositionAt(span.end);
  return fmt::format("{}:{}-{}:{}", begin.line, begin.column, end.line, end.column);
}

}  // namespace

const Kinds& AllKinds() {
  static const Kinds kKinds = [] {
    Kinds kinds;
    AddSyntaxKinds(kinds);
    AddCompilerKinds(kinds);
    AddScenarioKinds(kinds);
    AddFormatKinds(kinds);
    AddHistoryKind(kinds);
    AddLongHistoryKind(kinds);
    return kinds;
  }();
  return kKinds;
}

std::vector<std::filesystem::path> CaseFiles(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().lexically_relative(folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<LanguageCase> ReadCases(const std::filesystem::path& file) {
  const std::vector<std::string> lines = ReadLines(file);
  std::vector<LanguageCase> cases;
  std::string intro;
  bool in_script = false;
  const auto end_case = [&] {
    if (in_script) Refuse(file, cases.back().line, "the case has no line `----` behind its script");
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (BeginsCase(lines, i)) {
      end_case();
      cases.push_back({lines[i].substr(2), lines[i + 1], "", "", static_cast<int>(i + 1), ""});
      in_script = true;
      ++i;
    } else if (cases.empty()) {
      if (!lines[i].empty() && !lines[i].starts_with("# "))
        Refuse(file, static_cast<int>(i + 1), "a case begins with `# title`, and with a kind in the line below it");
      intro += lines[i] + "\n";
    } else if (in_script && lines[i] == kDivider) {
      in_script = false;
    } else {
      (in_script ? cases.back().script : cases.back().expected) += lines[i] + "\n";
    }
  }
  end_case();
  for (LanguageCase& one : cases) one.expected = WithoutEmptyEnd(std::move(one.expected));
  if (!cases.empty()) cases.front().intro = std::move(intro);
  return cases;
}

void ForEachCase(const std::function<void(const LanguageCase& one)>& visit) {
  const std::filesystem::path folder = STAGECRAFT_LANGUAGE_CASES;
  std::size_t visited = 0;
  for (const std::filesystem::path& file : CaseFiles(folder)) {
    for (const LanguageCase& one : ReadCases(folder / file)) {
      INFO(file.string() << ":" << one.line << ": " << one.title);
      visit(one);
      ++visited;
    }
  }
  REQUIRE(visited > 0);
}

void WriteCases(const std::filesystem::path& file, const std::vector<LanguageCase>& cases) {
  std::ofstream stream(file, std::ios::binary);
  bool first = true;
  for (const LanguageCase& one : cases) {
    stream << (first ? one.intro : "\n") << "# " << one.title << "\n" << one.kind << "\n" << one.script << kDivider << "\n" << one.expected;
    first = false;
  }
}

std::string Describe(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    const Source& source = sources.at(diagnostic.span.source);
    if (diagnostic.span.source != 0) text += source.name() + ":";
    text += fmt::format("{} {} {} {}\n", Place(source, diagnostic.span), SeverityName(diagnostic.severity), CodeName(diagnostic.code),
                        diagnostic.message);
    for (const std::string& help : diagnostic.help) text += "  help " + help + "\n";
    for (const Fix& fix : diagnostic.fixes) {
      for (const Edit& edit : fix.edits) text += fmt::format("  fix {} {}\n", Place(source, edit.span), edit.replacement);
    }
  }
  return text;
}

}  // namespace stagecraft::tests
