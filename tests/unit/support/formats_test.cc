// What each format says of the same findings. That other programs read the formats is shown in tests/formats.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "dsl/support/junit.h"
#include "dsl/support/render.h"
#include "tests/unit/support/findings.h"

namespace stagecraft {

namespace {

using nlohmann::json;

const SourceSet& Sources() {
  static const SourceSet kSources = {Source("my scripts/é.stage", "\non é set status \"Atempted to Contact\"\n"), Source("clean.stage", ""),
                                     Source("<hubspot>", "")};
  return kSources;
}

std::vector<Diagnostic> Findings() {
  Diagnostic warning = Finding(Code::kBackwardMove, Find(Sources(), "set status"), "100%: a, b\nand c");
  warning.notes = {{Find(Sources(), "é"), "here, too"}};
  warning.fixes = {{{{Find(Sources(), "set"), ""}}, "take it out", false}};
  return {Misspelt(Sources()), warning};
}

json Sarif(const std::vector<AllowedFinding>& allowed = {}) {
  const auto found = Findings();
  return json::parse(RenderSarif({Sources(), 2, found, allowed}, "1.2.3"));
}

}  // namespace

TEST_CASE("programs read JSON") {
  const auto found = json::parse(RenderJson(Findings(), Sources()));
  REQUIRE(found.size() == 2);
  CHECK(found[0] == json::parse(R"({
    "code": "SC0203", "severity": "error", "file": "my scripts/é.stage", "line": 2, "column": 17, "end_line": 2, "end_column": 38,
    "message": "`status` has no option \"Atempted to Contact\"", "label": "not an option of status",
    "help": ["did you mean \"Attempted to Contact\"?", "the options are New, Open, Attempted to Contact, Connected, In Progress, …"],
    "notes": [],
    "fixes": [{"title": "write `\"Attempted to Contact\"`", "safe": true, "edits": [
      {"file": "my scripts/é.stage", "line": 2, "column": 17, "end_line": 2, "end_column": 38, "replacement": "\"Attempted to Contact\""}]}]})"));
  CHECK(found[1]["notes"] == json::parse(R"([{"file": "my scripts/é.stage", "line": 2, "column": 4, "end_line": 2, "end_column": 5,
    "message": "here, too"}])"));
  CHECK(found[1]["fixes"][0]["safe"] == false);
  CHECK(RenderJson({}, Sources()) == "[]");
}

TEST_CASE("SARIF has a result for each finding, and a rule for each code") {
  const json log = Sarif();
  CHECK(log["version"] == "2.1.0");
  const json& run = log["runs"][0];
  CHECK(run["tool"]["driver"]["version"] == "1.2.3");
  CHECK(run["columnKind"] == "unicodeCodePoints");
  REQUIRE(run["results"].size() == 2);
  const json& first = run["results"][0];
  CHECK(first["ruleId"] == "SC0203");
  CHECK(first["level"] == "error");
  CHECK(first["locations"][0]["physicalLocation"] == json::parse(R"({"artifactLocation": {"uri": "my%20scripts/%C3%A9.stage"},
    "region": {"startLine": 2, "startColumn": 17, "endLine": 2, "endColumn": 38}})"));
  CHECK(first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "\"Attempted to Contact\"");
  const json& rule = run["tool"]["driver"]["rules"][first["ruleIndex"].get<std::size_t>()];
  CHECK(rule["id"] == "SC0203");
  CHECK(rule["name"] == "unknown-option");
  CHECK(rule["shortDescription"]["text"] == "unknown option");
  CHECK(rule["help"]["markdown"].get<std::string>().find("## Right") != std::string::npos);
}

TEST_CASE("SARIF tells other places, and only the fixes that may be applied unasked") {
  const json second = Sarif()["runs"][0]["results"][1];
  CHECK(second["level"] == "warning");
  CHECK(second["relatedLocations"][0]["message"]["text"] == "here, too");
  CHECK_FALSE(second.contains("fixes"));
}

TEST_CASE("SARIF tells what a script allows as suppressed, with the reason") {
  const json results = Sarif({{Finding(Code::kUnusedName, Find(Sources(), "status")), "we will need it"}})["runs"][0]["results"];
  REQUIRE(results.size() == 3);
  CHECK(results[2]["level"] == "note");
  CHECK(results[2]["suppressions"] == json::parse(R"([{"kind": "inSource", "justification": "we will need it"}])"));
}

TEST_CASE("JUnit has a test for each file, which fails for what makes the check fail") {
  const auto found = Findings();
  pugi::xml_document document;
  REQUIRE(document.load_string(RenderJunit(CheckReport{Sources(), 2, found, {}}).c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  CHECK(std::string(suite.attribute("tests").value()) == "2");
  CHECK(std::string(suite.attribute("failures").value()) == "1");
  const auto test = suite.child("testcase");
  CHECK(std::string(test.attribute("classname").value()) == "my scripts/é.stage");
  CHECK(std::string(test.child("failure").attribute("type").value()) == "SC0203");
  CHECK(std::string(test.child("failure").text().get()) == Render(found[0], Sources()));
  CHECK(std::string(test.child("system-out").text().get()) == Render(found[1], Sources()));
  CHECK(std::string(test.next_sibling("testcase").attribute("classname").value()) == "clean.stage");
  CHECK_FALSE(test.next_sibling("testcase").first_child());
}

TEST_CASE("JUnit fails for warnings, too, when they count as errors") {
  const auto found = Findings();
  const std::string xml = RenderJunit(CheckReport{Sources(), 2, found, {}, Severity::kWarning});
  CHECK(xml.find("type=\"SC0402\"") != std::string::npos);
  CHECK(xml.find("system-out") == std::string::npos);
}

TEST_CASE("JUnit holds no character that XML cannot hold") {
  pugi::xml_document document;
  REQUIRE(document.load_string(RenderJunit({{"s\x01", {{"f", "a<b>&\"\x1b\xFF\u202E", 1.5, true, {}, "]]>\x02"}}}}).c_str()));
  const auto test = document.child("testsuites").child("testsuite").child("testcase");
  CHECK(std::string(test.attribute("name").value()) == "a<b>&\"���");
  CHECK(std::string(test.attribute("time").value()) == "1.500");
  CHECK(test.child("skipped"));
  CHECK(std::string(test.child("system-out").text().get()) == "]]>�");
}

TEST_CASE("GitHub shows annotations: one command a finding, escaped as it asks") {
  CHECK(
      RenderGithub(Findings(), Sources()) ==
      "::error file=my scripts/é.stage,line=2,endLine=2,col=17,endColumn=38,title=SC0203::`status` has no option \"Atempted to Contact\"%0A"
      "did you mean \"Attempted to Contact\"?%0Athe options are New, Open, Attempted to Contact, Connected, In Progress, …\n"
      "::warning file=my scripts/é.stage,line=2,endLine=2,col=6,endColumn=16,title=SC0402::100%25: a, b%0Aand c%0Atake it out\n");
  const SourceSet odd = {Source("C:\\a,b%.stage", "a\nb\n")};
  CHECK(RenderGithub({Finding(Code::kUnusedName, {0, 0, 3}, "long")}, odd) ==
        "::notice file=C%3A\\a%2Cb%25.stage,line=1,endLine=2,title=SC0212::long\n");
}

}  // namespace stagecraft
