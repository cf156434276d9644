#include "tests/language/cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
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

bool BeginsCase(const std::vector<std::string>& lines, std::size_t at, const Kinds& kinds) {
  return lines[at].starts_with("# ") && at + 1 < lines.size() && kinds.contains(lines[at + 1]);
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

std::vector<std::filesystem::path> CaseFiles(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().lexically_relative(folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<LanguageCase> ReadCases(const std::filesystem::path& file, const Kinds& kinds) {
  const std::vector<std::string> lines = ReadLines(file);
  std::vector<LanguageCase> cases;
  std::string* part = nullptr;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (BeginsCase(lines, i, kinds)) {
      cases.push_back({lines[i].substr(2), lines[i + 1], "", "", static_cast<int>(i + 1)});
      part = &cases.back().script;
      ++i;
    } else if (part != nullptr && lines[i] == kDivider && part == &cases.back().script) {
      part = &cases.back().expected;
    } else if (part != nullptr) {
      *part += lines[i] + "\n";
    }
  }
  for (LanguageCase& one : cases) one.expected = WithoutEmptyEnd(std::move(one.expected));
  return cases;
}

void WriteCases(const std::filesystem::path& file, const std::vector<LanguageCase>& cases) {
  std::ofstream stream(file, std::ios::binary);
  bool first = true;
  for (const LanguageCase& one : cases) {
    stream << (first ? "" : "\n") << "# " << one.title << "\n" << one.kind << "\n" << one.script << kDivider << "\n" << one.expected;
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
