#include "dsl/support/diagnostic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "dsl/support/check.h"

namespace stagecraft {

namespace {

struct CodeRow {
  Code code;
  Severity severity;
  std::string_view title;
};

constexpr std::array kCodes = {
#define STAGECRAFT_CODE(name, number, severity, title) CodeRow{Code::name, severity, title},
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

std::optional<Code> FindCode(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  const auto* row = std::find_if(kCodes.begin(), kCodes.end(), [&upper](const CodeRow& r) { return CodeName(r.code) == upper; });
  if (row == kCodes.end()) return std::nullopt;
  return row->code;
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
