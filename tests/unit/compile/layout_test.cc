#include "tests/unit/compile/compiled.h"

namespace stagecraft::tests {

TEST_CASE("a layout is the same after it was written and read") {
  const auto program = ProgramOf(
      "property industry one of A, B as b\nevent \"e\"\n  f one of X, Y\nteam \"T\" \"a@acme.example\"\nlist \"L\" by hand\nlist \"M\" "
      "when score > 3\n"
      "counter c of e\nscore fit\n  +1 when c > 3\non SQL add to list \"L\"\n");
  const std::string text = ir::EncodeLayout(program->layout);
  const auto read = ir::DecodeLayout(text);
  REQUIRE(read.has_value());
  CHECK(ir::EncodeLayout(*read) == text);
  CHECK(read->rules.Find("on SQL #1") == program->layout.rules.Find("on SQL #1"));
}

TEST_CASE("what is no layout is refused") {
  for (const char* text : {"", "{}", "[]", "null", "{\"version\":2}", "{\"version\":1}", "{\"version\":\"1\"}", "\xff"}) {
    INFO(text);
    CHECK_FALSE(ir::DecodeLayout(text).has_value());
  }
  std::string twice = ir::EncodeLayout(ir::Layout{});
  twice.replace(twice.find("\"teams\":[]"), 10, "\"teams\":[\"a\",\"a\"]");
  CHECK_FALSE(ir::DecodeLayout(twice).has_value());
  std::string orphans = ir::EncodeLayout(ir::Layout{});
  orphans.replace(orphans.find("\"options\":[]"), 12, "\"options\":[[\"a\"]]");
  CHECK_FALSE(ir::DecodeLayout(orphans).has_value());
}

TEST_CASE("a layout keeps which rules of earlier revisions its program has") {
  const auto first = ProgramOf("rule \"R\"\n  on SQL\n  wait 1 day\n  set status New\n");
  const std::uint32_t family = *first->layout.rules.Find("rule \"R\"");
  const RetiredFile before{
      3, "a.stage", "on MQL set status Open\nrule \"R\"\n  on SQL\n  wait 1 day\n  set status Open\n", {{0, family, 3, "a.stage", 1}}};
  const CompileResult kept = Compile({Source("a.stage", "on MQL set status New\n")}, first->layout, {}, {before});
  REQUIRE(kept.program != nullptr);
  REQUIRE(kept.program->layout.retired.size() == 1);
  const ir::Rule& rule = kept.program->rules[kept.program->layout.retired.front().rule];
  CHECK(rule.name == "R");
  CHECK(rule.of_revision == 3);
  CHECK(rule.family == family);
  CHECK(rule.place.line == 2);
  CHECK_FALSE(rule.MayFire());
  const std::string text = ir::EncodeLayout(kept.program->layout);
  const auto read = ir::DecodeLayout(text);
  REQUIRE(read.has_value());
  CHECK(read->retired == kept.program->layout.retired);

  const CompileResult lost = Compile({Source("a.stage", "status\n  start Early\n")}, first->layout, {}, {before});
  REQUIRE(lost.program != nullptr);
  CHECK(lost.program->layout.retired.empty());
  REQUIRE(lost.lost.size() == 1);
  CHECK(lost.lost.front().why == "`status` has no option \"Open\"");
  CHECK(lost.diagnostics.empty());
}

TEST_CASE("numbers stay when scripts change, also of what is gone for a while") {
  const auto first = ProgramOf(
      "property a one of X, Y, Z\nproperty b text\nlist \"L\" by hand\nteam \"T\" \"t@acme.example\"\nrule \"R\" on SQL notify owner\n");
  const auto second = ProgramOf("property a one of Z, W\nrule \"S\" on SQL notify owner\n", first->layout);
  const auto third = ProgramOf(
      "rule \"S\" on SQL notify owner\nproperty c text\nproperty b text\nproperty a one of W, X\nrule \"R\" on MQL notify owner\n",
      second->layout);
  const std::uint32_t a = first->property_names.at("a");
  CHECK(second->property_names.at("a") == a);
  CHECK(third->property_names.at("a") == a);
  CHECK(third->property_names.at("b") == first->property_names.at("b"));
  CHECK_FALSE(second->properties[first->property_names.at("b")].declared);
  CHECK(second->properties[first->property_names.at("b")].name == "b");
  std::string options;
  for (const ir::Option& option : third->properties[a].options) options += option.internal_name + (option.declared ? "+ " : "- ");
  CHECK(options == "X+ Y- Z- W+ ");
  CHECK(RuleOf(*third, "rule \"R\"") == RuleOf(*first, "rule \"R\""));
  CHECK_FALSE(second->rules[RuleOf(*first, "rule \"R\"")].declared);
  CHECK(second->properties[first->list_slots.at("l")].hidden);
  CHECK(third->teams.size() == 1);
  CHECK_FALSE(third->teams[0].declared);
}

TEST_CASE("a property of another type is another slot") {
  const auto first = ProgramOf("property budget number\n");
  const auto second = ProgramOf("property budget text\n", first->layout);
  const std::uint32_t before = first->property_names.at("budget");
  CHECK(second->property_names.at("budget") != before);
  CHECK(second->properties[before].type == ir::Type::kNumber);
  CHECK_FALSE(second->properties[before].declared);
}

TEST_CASE("a rule without a name is known by the text of its trigger and its place among equals") {
  const auto first = ProgramOf("on SQL notify owner \"1\"\non SQL notify owner \"2\"\n");
  const auto second = ProgramOf("on MQL notify owner\non   SQL # again\n  set status New\non SQL notify owner \"2\"\n", first->layout);
  CHECK(RuleOf(*second, "on SQL #1") == RuleOf(*first, "on SQL #1"));
  CHECK(RuleOf(*second, "on SQL #2") == RuleOf(*first, "on SQL #2"));
  CHECK(second->rules[RuleOf(*second, "on SQL #1")].name == "on SQL");
}

TEST_CASE("trackers keep their numbers by what they track, whatever else is said of them") {
  const auto first = ProgramOf("counter a of page viewed \"/x\" within 3 days\n");
  const auto second = ProgramOf("counter b of email sent\ncounter c of page viewed \"/X\" within 9 days\n", first->layout);
  REQUIRE(first->trackers.size() == 1);
  REQUIRE(second->trackers.size() == 2);
  CHECK(second->trackers[0].window_us == 9 * ir::kMicrosPerDay);
  const auto third = ProgramOf("", second->layout);
  CHECK(third->trackers.size() == 2);
  CHECK_FALSE(third->trackers[0].declared);
}

TEST_CASE("a layout from before there were promises is read") {
  const auto program = ProgramOf("always owner is set when lifecycle is SQL\n");
  std::string text = ir::EncodeLayout(program->layout);
  const std::string promises = "\"promises\":[\"always owner is set when lifecycle is SQL\"],";
  const std::size_t place = text.find(promises);
  REQUIRE(place != std::string::npos);
  const auto now = ir::DecodeLayout(text);
  REQUIRE(now.has_value());
  CHECK(now->promises.size() == 1);
  const auto old = ir::DecodeLayout(text.erase(place, promises.size()));
  REQUIRE(old.has_value());
  CHECK(old->promises.size() == 0);
  CHECK(old->properties.size() == program->layout.properties.size());
}

TEST_CASE("promises and sequences keep their numbers while no script declares them") {
  const auto first = ProgramOf("always owner is set when lifecycle is SQL\nsequence \"Chase\" notify owner\n");
  const auto second = ProgramOf("never opted out when status is New\nrule \"Chase it\" on SQL notify owner\n", first->layout);
  REQUIRE(second->promises.size() == 2);
  CHECK_FALSE(second->promises[0].declared);
  CHECK(second->promises[0].text == "always owner is set when lifecycle is SQL");
  CHECK(second->promises[1].declared);
  CHECK(RuleOf(*second, "sequence \"Chase\"") == RuleOf(*first, "sequence \"Chase\""));
  CHECK_FALSE(second->rules[RuleOf(*first, "sequence \"Chase\"")].declared);
}

}  // namespace stagecraft::tests
