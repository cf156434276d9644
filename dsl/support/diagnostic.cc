#include "dsl/support/diagnostic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <functional>
#include <map>

#include "dsl/support/check.h"
#include "dsl/support/text.h"

namespace stagecraft {

namespace {

struct CodeRow {
  Code code;
  Severity severity;
  std::string_view title;
  std::string_view enumerator;  // "kUnknownOption"
};

constexpr std::array kCodes = {
#define STAGECRAFT_CODE(name, number, severity, title) CodeRow{Code::name, severity, title, #name},
#include "dsl/support/diagnostic_codes.inc"
#undef STAGECRAFT_CODE
};

const CodeRow& RowOf(Code code) {
  const auto* row = std::find_if(kCodes.begin(), kCodes.end(), [code](const CodeRow& r) { return r.code == code; });
  STAGECRAFT_CHECK(row != kCodes.end());
  return *row;
}

}  // namespace

std::string CodeName(Code code) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "SC%04u", static_cast<unsigned>(code) % 10'000U);
  return buffer.data();
}

std::string_view CodeTitle(Code code) { return RowOf(code).title; }

Severity CodeSeverity(Code code) { return RowOf(code).severity; }

std::string CodeWords(Code code) {
  std::string words;
  for (const char letter : RowOf(code).enumerator.substr(1)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isupper(byte) != 0 && !words.empty()) words += '-';
    words += static_cast<char>(std::tolower(byte));
  }
  return words;
}

std::optional<Code> FindCode(std::string_view name) {
  static const std::map<std::string, Code, std::less<>> kByName = [] {
    std::map<std::string, Code, std::less<>> by_name;
    for (const CodeRow& row : kCodes) {
      by_name.emplace(FoldCase(CodeName(row.code)), row.code);
      by_name.emplace(CodeWords(row.code), row.code);
    }
    return by_name;
  }();
  const auto found = kByName.find(FoldCase(name));
  if (found == kByName.end()) return std::nullopt;
  return found->second;
}

std::vector<Code> AllCodes() {
  std::vector<Code> codes;
  for (const CodeRow& row : kCodes) codes.push_back(row.code);
  return codes;
}

std::vector<std::string> CodesInWords() {
  std::vector<std::string> words;
  for (const CodeRow& row : kCodes) words.push_back(CodeWords(row.code));
  return words;
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kHint:
      return "hint";
  }
  return "error";
}

bool HasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace stagecraft
