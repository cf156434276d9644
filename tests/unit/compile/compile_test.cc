#include <algorithm>
#include <tuple>

#include "tests/unit/compile/compiled.h"

namespace stagecraft::tests {

TEST_CASE("a misspelt status is shown with a caret, the nearest option and all options") {
  std::vector<Source> sources;
  sources.emplace_back("-", "on SQL set status Nwe\n");
  const CompileResult result = Compile(std::move(sources));
  CHECK(result.program == nullptr);
  CHECK(Render(result.diagnostics, result.sources) ==
        "error[SC0203]: `status` has no option \"Nwe\"\n"
        " ┌ -:1:19\n"
        "1 │ on SQL set status Nwe\n"
        "  │                   ^^^ not an option of status\n"
        "  = help: did you mean \"New\"?\n"
        "  = the options are New, Open, Attempted to Contact, Connected, In Progress, …\n");
}

TEST_CASE("an empty script is a program: the standard vocabulary alone") {
  const auto program = ProgramOf("");
  CHECK(program->rules.empty());
  CHECK(program->node_names.count("score") == 1);
  CHECK(program->calendar.time_zone == "UTC");
  CHECK(CompileText("").diagnostics.empty());
}

TEST_CASE("there is a program exactly when there is no error") {
  const CompileResult warned = CompileText("on SQL set lifecycle MQL\n");
  REQUIRE(warned.diagnostics.size() == 1);
  CHECK(warned.diagnostics.front().severity == Severity::kWarning);
  CHECK(warned.program != nullptr);
  CHECK(CompileText("on SQL set status Nwe\n").program == nullptr);
  CHECK(CompileText("on SQL set\n").program == nullptr);
}

TEST_CASE("files are taken in the order of their names, rules then from top to bottom") {
  std::vector<Source> sources;
  sources.emplace_back("b.stage", "on SQL notify owner \"b\"\n");
  sources.emplace_back("a.stage", "on MQL notify owner \"a1\"\non SQL notify owner \"a2\"\n");
  const CompileResult result = Compile(std::move(sources));
  REQUIRE(result.program != nullptr);
  CHECK(result.sources[0].name() == "a.stage");
  CHECK(result.program->files[1] == "b.stage");
  const auto place = [&](const char* key) {
    const ir::Rule& rule = result.program->rules[RuleOf(*result.program, key)];
    return std::tuple(rule.order, rule.place.file, rule.place.line);
  };
  CHECK(place("on MQL #1") == std::tuple(0U, 0U, 1U));
  CHECK(place("on SQL #1") == std::tuple(1U, 0U, 2U));
  CHECK(place("on SQL #2") == std::tuple(2U, 1U, 1U));
}

TEST_CASE("diagnostics come by file and place, those of all files in one go") {
  std::vector<Source> sources;
  sources.emplace_back("b.stage", "on SQL set status Nwe\n");
  sources.emplace_back("a.stage", "on SQL notify \"Nobody\"\non SLQ notify owner\n");
  const CompileResult result = Compile(std::move(sources));
  REQUIRE(result.diagnostics.size() == 3);
  CHECK(result.diagnostics[0].code == Code::kUnknownTeam);
  CHECK(result.diagnostics[1].code == Code::kUnknownName);
  CHECK(result.diagnostics[2].code == Code::kUnknownOption);
}

TEST_CASE("only so many diagnostics are shown, errors before hints, and the last says how many are missing") {
  std::string script = "define unused when opted out\n";
  for (int i = 0; i < 10; ++i) script += "on SQL set status Nwe\n";
  Limits limits;
  limits.diagnostics_max = 3;
  const CompileResult result = CompileText(script, {}, limits);
  REQUIRE(result.diagnostics.size() == 3);
  CHECK(HasErrors(result.diagnostics));
  CHECK(result.diagnostics.back().help.back() == "and 7 more findings that are not shown");
}

TEST_CASE("the standard vocabulary can be read") {
  CHECK_FALSE(StandardVocabulary("hubspot").empty());
  CHECK_FALSE(StandardVocabulary("HubSpot").empty());
  CHECK(StandardVocabulary("salesforce").empty());
}

TEST_CASE("the standard statuses have HubSpot's groups, order and internal names") {
  const auto program = ProgramOf("");
  const ir::Property& status = program->properties[program->well_known.status.value()];
  CHECK(status.internal_name == "hs_lead_status");
  CHECK(status.tracks_entry);
  std::string all;
  for (const ir::Option& option : status.options) all += option.internal_name + ":" + std::to_string(option.rank) + " ";
  CHECK(all == "NEW:0 OPEN:1 ATTEMPTED_TO_CONTACT:2 CONNECTED:3 IN_PROGRESS:4 OPEN_DEAL:5 UNQUALIFIED:5 BAD_TIMING:5 ");
  const ir::Property& lifecycle = program->properties[program->well_known.lifecycle.value()];
  CHECK(lifecycle.internal_name == "lifecyclestage");
  CHECK(lifecycle.forward_only);
  CHECK(lifecycle.options.size() == 8);
  CHECK(std::all_of(lifecycle.options.begin(), lifecycle.options.end(), [](const ir::Option& option) { return option.forward_only; }));
}

TEST_CASE("a status of one's own keeps the internal names of the standard options it names") {
  const auto program =
      ProgramOf("status\n  start \"New Lead\" as NEW\n  process Connected, \"Meeting Scheduled\"\n  outcome Lost (Late)\n");
  const ir::Property& status = program->properties[program->well_known.status.value()];
  std::string all;
  for (const ir::Option& option : status.options) {
    all += option.label + ":" + option.internal_name + ":" + std::to_string(option.rank) + ":" + std::to_string(option.parent) + " ";
  }
  CHECK(all == "New Lead:NEW:0:-1 Connected:CONNECTED:1:-1 Meeting Scheduled:Meeting Scheduled:2:-1 Lost:Lost:3:-1 Late:Late:3:3 ");
}

TEST_CASE("ten thousand rules are one program") {
  std::string script = "counter visits of page viewed within 90 days\n";
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    switch (i % 4) {
      case 0:
        script += "rule \"r" + n + "\" on email sent when company employees >= " + n + " set status Open because \"{name} " + n + "\"\n";
        break;
      case 1:
        script += "on form \"F" + n + "\" submitted when lifecycle is Lead set lifecycle MQL\n";
        break;
      case 2:
        script += "when visits reaches " + n + " notify owner\n";
        break;
      default:
        script += "on status Connected when company industry is \"x" + n + "\" create task \"{name}\" for owner due in 4 business hours\n";
        break;
    }
  }
  const auto program = ProgramOf(script);
  CHECK(program->rules.size() == 10'000);
}

TEST_CASE("more lists than a program can number are refused") {
  std::string script;
  for (int i = 0; i < 65'600; ++i) script += "list \"" + std::to_string(i) + "\" by hand\n";
  const CompileResult result = CompileText(script);
  CHECK(result.program == nullptr);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics.front().code == Code::kProgramTooLarge);
  CHECK(result.diagnostics.front().message == "there are too many properties and lists by hand for one program");
}

TEST_CASE("a property has 1024 options at most") {
  std::string script = "property x one of a0";
  for (int i = 1; i < 1'025; ++i) script += ", a" + std::to_string(i);
  const CompileResult result = CompileText(script + "\n");
  CHECK(result.program == nullptr);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics.front().code == Code::kOutOfRange);
}

TEST_CASE("a long chain of definitions needs no deep stack") {
  std::string script = "define d0 when opted out\n";
  for (int i = 1; i < 20'000; ++i) script += "define d" + std::to_string(i) + " when d" + std::to_string(i - 1) + "\n";
  CHECK(ProgramOf(script + "when d19999 notify owner\n")->nodes.size() == 20'001);
}

TEST_CASE("no text makes the compiler fail otherwise than by diagnostics") {
  for (const char* script :
       {"", "\n", "on", "score", "\xff\xfe", "define a when a", "on SQL set status \"{\"", "score +1 when score", "list \"\" by hand",
        "property x one of A (A)", "event \"\"", "on \"\" notify owner", "rule \"\" on SQL notify \"\"", "on SQL -> notify owner",
        "team \"\" \"\"", "counter c of since SQL", "on became became date notify owner"}) {
    INFO(script);
    const CompileResult result = CompileText(script);
    CHECK((result.program == nullptr) == HasErrors(result.diagnostics));
  }
}

}  // namespace stagecraft::tests
