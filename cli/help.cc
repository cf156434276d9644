#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/page_text.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/code_chapters.h"
#include "dsl/support/nearest.h"
#include "dsl/support/pages.h"
#include "runtime/model/reasons.h"

namespace stagecraft::cli {
namespace {

// Longer lines are hard to read, however wide the terminal is.
constexpr std::size_t kColumnsMax = 100;

// What was probably meant: a code without its letters (`203`), a name in words, or a verb.
std::optional<std::string> Meant(const HelpOptions& options) {
  constexpr std::size_t kDigits = 4;
  const std::string& topic = options.code;
  if (topic.size() <= kDigits && topic.find_first_not_of("0123456789") == std::string::npos) {
    const auto code = FindCode("SC" + std::string(kDigits - topic.size(), '0') + topic);
    if (code) return CodeName(*code);
  }
  std::vector<std::string> known = CodesInWords();
  known.insert(known.end(), options.verbs.begin(), options.verbs.end());
  for (const runtime::ReasonInfo& reason : runtime::AllReasons()) known.emplace_back(reason.text);
  return Nearest(topic, known);
}

int NoSuchTopic(const HelpOptions& options) {
  const auto meant = Meant(options);
  PrintError(fmt::format("there is no code, no verb and no reason `{}`{}", options.code, meant ? "; did you mean `" + *meant + "`?" : ""),
             "see `stagecraft help`; codes look like SC0203, reasons of errors like UNKNOWN_PROPERTY");
  return kFailed;
}

nlohmann::ordered_json ExampleJson(const PageExample& example) {
  if (example.script.empty() && example.filter.empty()) return nullptr;
  nlohmann::ordered_json out = {{"script", example.script}};
  if (!example.filter.empty()) out["filter"] = example.filter;
  return out;
}

void PrintJson(Code code, std::string_view markdown) {
  const Page page = ReadPage(markdown);
  const nlohmann::ordered_json out = {
      {"code", CodeName(code)},           {"name", CodeWords(code)}, {"severity", SeverityName(CodeSeverity(code))},
      {"title", CodeTitle(code)},         {"meaning", page.meaning}, {"wrong", ExampleJson(page.wrong)},
      {"right", ExampleJson(page.right)}, {"why", page.why},         {"markdown", markdown}};
  fmt::print("{}\n", out.dump(2));
}

int PrintReason(const runtime::ReasonInfo& reason, bool as_json) {
  if (as_json) {
    const nlohmann::ordered_json out = {{"reason", reason.text},
                                        {"codes", reason.codes},
                                        {"chapter", reason.chapter},
                                        {"meaning", reason.meaning},
                                        {"remedy", reason.remedy}};
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("{}", Describe(reason));
  }
  return kDone;
}

void PrintCodesJson() {
  auto codes = nlohmann::ordered_json::array();
  for (const CodeChapter& chapter : CodeChapters()) {
    for (const Code code : chapter.codes) {
      codes.push_back({{"code", CodeName(code)},
                       {"name", CodeWords(code)},
                       {"severity", SeverityName(CodeSeverity(code))},
                       {"title", CodeTitle(code)},
                       {"chapter", chapter.title}});
    }
  }
  fmt::print("{}\n", codes.dump(2));
}

void PrintCodes() {
  for (const CodeChapter& chapter : CodeChapters()) {
    fmt::print("\n{}: {}\n", chapter.numbers, chapter.title);
    for (const Code code : chapter.codes) {
      fmt::print("  {}  {:<7}  {}\n", CodeName(code), SeverityName(CodeSeverity(code)), CodeTitle(code));
    }
  }
}

}  // namespace

int Help(const HelpOptions& options) {
  if (options.code.empty()) {
    options.json ? PrintCodesJson() : PrintCodes();
    return kDone;
  }
  if (const runtime::ReasonInfo* reason = runtime::FindReason(options.code)) return PrintReason(*reason, options.json);
  const auto code = FindCode(options.code);
  if (!code) return NoSuchTopic(options);
  const auto page = PageOf(*code);
  if (!page) {
    PrintError(fmt::format("`{}` ({}) has no page", CodeName(*code), CodeTitle(*code)));
    return kFailed;
  }
  if (options.json) {
    PrintJson(*code, *page);
    return kDone;
  }
  const std::size_t width = TerminalWidth();
  fmt::print("{}", PageText(*page, width == 0 ? kColumnsMax : std::min(width, kColumnsMax), HasColour(stdout)));
  const Severity severity = CodeSeverity(*code);
  fmt::print("\nBy default: {}. In stagecraft.toml: {} or {}.{}\n", SeverityName(severity), CodeName(*code), CodeWords(*code),
             severity == Severity::kError ? "" : fmt::format(" In a script: `# allow {}: why`.", CodeName(*code)));
  return kDone;
}

}  // namespace stagecraft::cli
