// The contacts and events that findings show: each that a test can bring about is played, and shows what the finding says.
//
// Of the findings SC0420 (two rules, two values), SC0425 (a cascade without end) and SC0431 (a broken promise) of all cases here. A witness
// becomes a `test` block of the same script; those that speak of more than properties and one event are left out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/ir/lower.h"
#include "dsl/sema/checker.h"
#include "dsl/std/standard.h"
#include "dsl/syntax/parser.h"
#include "runtime/scenario/scenario.h"
#include "tests/language/cases.h"

namespace stagecraft::tests {

namespace {

constexpr std::string_view kTestName = "the witness of a finding";

// A script as it would run if nobody had looked into it: cascades without end are errors otherwise.
struct Unexamined {
  std::shared_ptr<const ir::Program> program;
  std::shared_ptr<const ir::TestSuite> tests;
};

Unexamined CompileUnexamined(const std::string& script) {
  SourceSet sources;
  sources.emplace_back("script.stage", script);
  sources.emplace_back("<hubspot>", std::string(standard::Hubspot()));
  std::vector<Diagnostic> diagnostics;
  std::vector<syntax::Script> scripts;
  for (std::uint32_t i = 0; i < sources.size(); ++i) scripts.push_back(syntax::Parse(sources[i], i, Limits{}).script);
  const sema::CheckedScript checked = sema::Check(scripts, 1, sources, diagnostics);
  if (HasErrors(diagnostics)) return {};
  Unexamined result;
  result.program = ir::Lower(checked, sources, ir::Layout{}).program;
  if (result.program != nullptr)
    result.tests = std::make_shared<const ir::TestSuite>(ir::LowerTests(checked, *result.program, diagnostics));
  return result;
}

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What stands between `from` and `to`, or the end.
std::optional<std::string> Between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = text.find(to, begin + from.size());
  return text.substr(begin + from.size(), end == std::string::npos ? std::string::npos : end - begin - from.size());
}

struct Witness {
  std::vector<std::pair<std::string, std::string>> properties;  // name, value
  std::string event;
};

// `lifecycle SQL`, `industry_group "A, B"`: the name is the longest that there is.
bool AddProperty(const std::string& item, const ir::Program& program, Witness& witness) {
  // The contact of a test has a name, an address and an owner.
  if (item.ends_with(" not set"))
    return item != "owner not set" && item != "email not set" && !item.starts_with("first") && !item.starts_with("last");
  for (std::size_t blank = item.rfind(' '); blank != std::string::npos && blank > 0; blank = item.rfind(' ', blank - 1)) {
    const std::string name = item.substr(0, blank);
    const auto found = program.property_names.find(name);
    if (found == program.property_names.end()) continue;
    std::string value = item.substr(blank + 1);
    if (value == "set") {
      if (program.properties[found->second].type != ir::Type::kUser) return false;
      value = "\"mika@acme.example\"";
    }
    witness.properties.emplace_back(name, std::move(value));
    return true;
  }
  return false;
}

// "any contact", "a contact with lifecycle SQL, owner not set". False where a test cannot make one.
bool ReadContact(const std::string& text, const ir::Program& program, Witness& witness) {
  if (text == "any contact") return true;
  const std::optional<std::string> items = Between(text, "a contact with ", "\n");
  if (!items.has_value() || Contains(*items, "`") || Contains(*items, "…")) return false;
  for (std::size_t begin = 0; begin < items->size();) {
    const std::size_t end = std::min(items->find(", ", begin), items->size());
    if (!AddProperty(items->substr(begin, end - begin), program, witness)) return false;
    begin = end + 2;
  }
  return true;
}

// Brings the property to the value by an event, so it has another one before.
void Becomes(const std::string& property, const std::string& value, Witness& witness) {
  std::erase_if(witness.properties, [&](const auto& one) { return one.first == property; });
  witness.event = property + " becomes " + value;
}

// "it shows when `call connected` happens, on …", "it shows when `status` becomes `New`, on …"
bool ReadConflict(const std::string& help, const ir::Program& program, Witness& witness) {
  const std::size_t on = help.find(", on ");
  if (on == std::string::npos || !ReadContact(help.substr(on + 5), program, witness)) return false;
  const std::string cause = help.substr(0, on);
  if (const auto event = Between(cause, "it shows when `", "` happens"); event.has_value() && cause.ends_with("` happens")) {
    witness.event = *event;
    return true;
  }
  const auto property = Between(cause, "it shows when `", "`");
  const auto value = Between(cause, "` becomes `", "`");
  if (!property.has_value() || !value.has_value()) return false;
  Becomes(*property, *value, witness);
  return true;
}

// "it shows on any contact: `phase A`, then …, and so on"
bool ReadCircle(const std::string& help, const ir::Program& program, Witness& witness) {
  const auto contact = Between(help, "it shows on ", ": ");
  const auto change = Between(help, ": `", "`");
  if (!contact.has_value() || !change.has_value() || Contains(help.substr(0, help.find(", then")), "` (")) return false;
  if (!ReadContact(*contact, program, witness)) return false;
  Witness changed;
  if (!AddProperty(*change, program, changed) || changed.properties.empty() || Contains(help, *change + "` and")) return false;
  Becomes(changed.properties.front().first, changed.properties.front().second, witness);
  return true;
}

// "it shows on a contact with lifecycle SQL, owner not set" of "the rule `on SQL` can break …".
bool ReadBreach(const Diagnostic& finding, const std::string& help, const ir::Program& program, Witness& witness) {
  if (!ReadContact(help.substr(std::string("it shows on ").size()), program, witness)) return false;
  const auto rule = Between(finding.message, "the rule `on ", "` can break");
  if (!rule.has_value()) return false;
  const std::string trigger = rule->substr(0, rule->find(" when "));
  if (program.event_names.count(trigger) > 0) {
    witness.event = trigger;
    return true;
  }
  const auto state =
      std::find_if(witness.properties.begin(), witness.properties.end(), [&](const auto& one) { return one.second == trigger; });
  if (state == witness.properties.end()) return false;
  Becomes(std::string(state->first), trigger, witness);
  return true;
}

std::optional<Witness> WitnessOf(const Diagnostic& finding, const ir::Program& program) {
  const auto help =
      std::find_if(finding.help.begin(), finding.help.end(), [](const std::string& line) { return line.starts_with("it shows "); });
  if (help == finding.help.end()) return std::nullopt;
  Witness witness;
  const bool read = finding.code == Code::kConflict         ? ReadConflict(*help, program, witness)
                    : finding.code == Code::kEndlessCascade ? ReadCircle(*help, program, witness)
                                                            : ReadBreach(finding, *help, program, witness);
  return read ? std::optional(std::move(witness)) : std::nullopt;
}

std::string TestOf(const Witness& witness) {
  std::string test = "\ntest \"" + std::string(kTestName) + "\"\n  given a contact";
  for (std::size_t i = 0; i < witness.properties.size(); ++i) {
    test += (i == 0 ? " with " : ", ") + witness.properties[i].first + " " + witness.properties[i].second;
  }
  // It fails in any case, so that all that happened is told.
  return test + "\n  when " + witness.event + "\n  expect job title \"nobody has this\"\n";
}

std::string Told(const runtime::TestOutcome& outcome) {
  std::string told;
  for (const runtime::TestFailure& failure : outcome.failures) told += failure.expected + ": " + failure.found + "\n";
  for (const runtime::Happening& happening : outcome.timeline) {
    told += happening.title + "\n";
    for (const std::string& change : happening.changes) told += "  " + change + "\n";
    for (const runtime::Happening::RuleRun& run : happening.rules) {
      told += "  " + run.rule + "\n";
      for (const std::string& change : run.changes) told += "    " + change + "\n";
    }
  }
  return told;
}

bool IsShown(Code code) { return code == Code::kConflict || code == Code::kEndlessCascade || code == Code::kPromiseBreakable; }

std::string_view Sign(Code code) {
  if (code == Code::kConflict) return "overruled";
  return code == Code::kEndlessCascade ? "do not come to an end" : "promise broken";
}

// What a value was before is not shown, and nobody waits here.
bool IsAboutBefore(const std::string& script) {
  return Contains(script, " -> ") || Contains(script, "on leaving") || Contains(script, " wait ");
}

// True when it could be played.
bool Replay(const std::string& script, const Diagnostic& finding, const Witness& witness) {
  const Unexamined compiled = CompileUnexamined(script + TestOf(witness));
  if (compiled.program == nullptr || compiled.tests == nullptr) return false;
  runtime::TestRunOptions options;
  options.filter = kTestName;
  const auto outcomes = RunTests(runtime::Prepared(compiled.program, *compiled.tests), options, nullptr).outcomes;
  REQUIRE_FALSE(outcomes.empty());
  const std::string told = Told(outcomes.back());
  INFO(finding.message << "\n" << finding.help.front() << TestOf(witness) << told);
  CHECK(Contains(told, Sign(finding.code)));
  return true;
}

}  // namespace

TEST_CASE("what findings show on a contact happens to it") {
  std::map<Code, int> played;
  ForEachCase([&](const LanguageCase& one) {
    if (one.kind != "check" || IsAboutBefore(one.script)) return;
    const CompileResult compiled = Compile({Source("script.stage", one.script)});
    const Unexamined unexamined = CompileUnexamined(one.script);
    if (unexamined.program == nullptr) return;
    for (const Diagnostic& finding : compiled.diagnostics) {
      if (!IsShown(finding.code)) continue;
      const auto witness = WitnessOf(finding, *unexamined.program);
      if (witness.has_value() && Replay(one.script, finding, *witness)) ++played[finding.code];
    }
  });
  CHECK(played[Code::kConflict] >= 18);
  CHECK(played[Code::kEndlessCascade] >= 10);
  CHECK(played[Code::kPromiseBreakable] >= 7);
}

}  // namespace stagecraft::tests
