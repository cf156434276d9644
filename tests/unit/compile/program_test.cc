#include <algorithm>
#include <string>

#include "tests/unit/compile/compiled.h"

namespace stagecraft::tests {

namespace {

constexpr const char* kScript =
    "counter visits of page viewed within 90 days\n"
    "define big when company employees >= 100\n"
    "score\n  +5 when visits > 2\n  +7 when big or became SQL date is set\n  +1 each email opened since SQL\n"
    "list \"Hot\" when score >= 5 and last contacted is set and name contains \"a\"\n"
    "list \"Cold\" by hand\n"
    "on joining \"Hot\" add to list \"Cold\"\n"
    "on joining \"Cold\" notify owner\n"
    "on status Connected notify owner\n"
    "on call notify owner\n"
    "on change of owner notify owner\n"
    "after 3 days in status New notify owner\n"
    "when score >= 9 or opted out notify owner\n";

bool Contains(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return std::count(numbers.begin(), numbers.end(), number) != 0;
}

}  // namespace

TEST_CASE("successors of a test have higher numbers") {
  const auto program = ProgramOf(
      std::string("on SQL when (opted out or owner is set) and not (status is New or (email is set and phone is set)) notify owner\n") +
      kScript);
  for (std::uint32_t i = 0; i < program->tests.size(); ++i) {
    for (const ir::Entry next : {program->tests[i].on_true, program->tests[i].on_false}) {
      CHECK((next == ir::kHolds || next == ir::kFails || next > i));
    }
  }
}

TEST_CASE("nodes read only nodes before them") {
  const auto program = ProgramOf(kScript);
  for (std::uint32_t read = 0; read < program->index.nodes_by_node.size(); ++read) {
    for (const std::uint32_t reader : program->index.nodes_by_node[read]) CHECK(reader > read);
  }
}

TEST_CASE("every node is found by all that it reads") {
  const auto program = ProgramOf(kScript);
  const auto node = [&](const char* name) { return program->node_names.at(name); };
  const auto slot = [&](const char* name) { return program->property_names.at(name); };
  const ir::TriggerIndex& index = program->index;
  const ir::Node& score = program->nodes[node("score")];
  REQUIRE(score.criteria.size() == 3);
  CHECK(index.nodes_by_property[slot("company employees")] == std::vector<std::uint32_t>{node("big")});
  CHECK(index.nodes_by_node[node("big")] == std::vector<std::uint32_t>{score.criteria[1]});
  CHECK(Contains(index.nodes_by_property[slot("lifecycle")], score.criteria[1]));
  CHECK(Contains(index.nodes_by_property[slot("lifecycle")], score.criteria[2]));
  CHECK(Contains(index.nodes_by_node[score.criteria[0]], node("score")));
  CHECK(Contains(index.nodes_by_node[node("score")], node("hot")));
  CHECK(index.nodes_by_last_contacted == std::vector<std::uint32_t>{node("hot")});
  for (const char* part : {"first name", "last name", "email"}) CHECK(Contains(index.nodes_by_property[slot(part)], node("hot")));
  CHECK(program->nodes[score.criteria[0]].score == node("score"));
}

TEST_CASE("lists and views know who is in them, their text and their place") {
  const auto program = ProgramOf(R"(list "Big"
  when company employees >= 100   # a comment
list "Cold" by hand
view "All" columns name
view "Mine" when in "Big" and (owner is me or status is New)
)");
  REQUIRE(program->lists.size() == 2);
  CHECK(program->lists[0].name == "Big");
  CHECK_FALSE(program->lists[0].by_hand);
  CHECK(program->lists[0].number == program->node_names.at("big"));
  CHECK(program->lists[0].text == "list \"Big\" when company employees >= 100");
  CHECK(program->lists[1].by_hand);
  CHECK(program->lists[1].number == program->list_slots.at("cold"));
  CHECK(program->lists[1].place.line == 3);
  REQUIRE(program->views.size() == 2);
  CHECK_FALSE(program->views[0].reads_viewer);
  CHECK(program->views[1].reads_viewer);
  CHECK(program->views[1].text == "view \"Mine\" when in \"Big\" and (owner is me or status is New)");
  CHECK(program->views[1].place.line == 5);
}

TEST_CASE("every rule is found by what can set it off") {
  const auto program = ProgramOf(kScript);
  const ir::TriggerIndex& index = program->index;
  const std::uint32_t status = program->well_known.status.value();
  const std::uint32_t cold = program->list_slots.at("cold");
  CHECK(index.by_option[status][3] == std::vector<std::uint32_t>{RuleOf(*program, "on status Connected #1")});
  CHECK(index.by_option[cold][1] == std::vector<std::uint32_t>{RuleOf(*program, "on joining \"Cold\" #1")});
  const std::vector<std::uint32_t> call = {RuleOf(*program, "on call #1")};
  CHECK(index.by_event[program->event_names.at("call connected")] == call);
  CHECK(index.by_event[program->event_names.at("call no answer")] == call);
  CHECK(index.by_change[program->well_known.owner.value()].size() == 1);
  CHECK(index.by_stay[status] == std::vector<std::uint32_t>{RuleOf(*program, "after 3 days in status New #1")});
  CHECK(index.by_node[program->node_names.at("hot")].size() == 1);
  CHECK(index.trackers_by_event[program->event_names.at("page viewed")].size() == 1);
}

TEST_CASE("a business day is as long as the business hours") {
  const auto program =
      ProgramOf("workspace \"Acme\" business hours Mon-Thu 10:00-16:00\non SQL create task \"x\" due in 2 business days\n");
  const ir::Action& action = program->rules[0].actions[0];
  REQUIRE(action.due_in.has_value());
  CHECK(action.due_in->business);
  CHECK(action.due_in->micros == 12LL * 3'600 * ir::kMicrosPerSecond);
  CHECK(program->calendar.business_days == 0x0F);
}

TEST_CASE("the workspace gives zone, hours and holidays") {
  const auto program = ProgramOf(
      "workspace \"Acme\"\n  time zone \"asia/tokyo\"\n  business hours Sun-Thu 08:30-17:00\n  holidays 1970-01-03, "
      "1970-01-02..1970-01-04\n");
  CHECK(program->workspace == "Acme");
  CHECK(program->calendar.time_zone == "Asia/Tokyo");
  CHECK(program->calendar.business_days == 0x4F);
  CHECK(program->calendar.business_from_minute == 510);
  CHECK(program->calendar.holidays == std::vector<std::int32_t>{1, 2, 3});
}

TEST_CASE("names are found by folded name, internal name and synonym") {
  const auto program = ProgramOf("");
  CHECK(program->property_names.at("status") == program->property_names.at("hs_lead_status"));
  CHECK(program->event_names.at("meeting ended") == program->event_names.at("meeting ends"));
  const ir::Event& ended = program->events[program->event_names.at("meeting ended")];
  CHECK(ended.is_activity);
  CHECK(ended.is_contact);
  CHECK_FALSE(program->events[program->event_names.at("page viewed")].is_contact);
  CHECK_FALSE(program->events[program->event_names.at("deal won")].is_activity);
}

TEST_CASE("a filter is the same graph as a rule's condition") {
  const auto program = ProgramOf("property industry one of A, B\non SQL when industry in (A, B) and company employees >= 3 notify owner\n");
  const ConditionResult filter = CompileCondition("industry in (A, B) and company employees >= 3", *program);
  REQUIRE(filter.condition.has_value());
  REQUIRE(filter.condition->tests.size() == 2);
  CHECK(filter.condition->masks == program->masks);
  CHECK(filter.condition->tests[0].operand == program->tests[0].operand);
  CHECK(filter.condition->tests[1].operand == program->tests[1].operand);
}

TEST_CASE("a filter does not know what no script declares any more") {
  const auto first = ProgramOf("property old one of A, B\nlist \"L\" by hand\n");
  const auto second = ProgramOf("property kept one of C\n", first->layout);
  CHECK_FALSE(CompileCondition("old is A", *second).condition.has_value());
  CHECK_FALSE(CompileCondition("list \"L\"", *second).condition.has_value());
  CHECK(CompileCondition("kept is C", *second).condition.has_value());
}

namespace {

std::uint64_t HashOf(const std::string& script, const std::string& key = "rule \"R\"", const ir::Layout& before = {}) {
  const auto program = ProgramOf(script, before);
  return program->rules[RuleOf(*program, key)].code_hash;
}

}  // namespace

TEST_CASE("a rule that does the same has the same hash, wherever it stands and however it is written") {
  const std::uint64_t hash = HashOf("rule \"R\" on SQL when status is New wait 2 days notify owner \"x\"\n");
  CHECK(HashOf("rule \"R\"\n  on SQL\n  when STATUS is new  # as before\n  wait 48 hours\n  notify owner \"x\"\n") == hash);
  CHECK(HashOf("property a text\nrule \"R\" disabled migrate on SQL when status is New wait 2 days notify owner \"x\"\n") == hash);
  const auto other = ProgramOf("property b one of Y\nrule \"S\" on MQL notify owner\n");
  CHECK(HashOf("rule \"R\" on SQL when status is New wait 2 days notify owner \"x\"\n", "rule \"R\"", other->layout) == hash);
}

TEST_CASE("a rule that does something else has another hash") {
  const std::vector<std::string> scripts = {
      "rule \"R\" on SQL notify owner\n",
      "rule \"R\" on MQL notify owner\n",
      "rule \"R\" on SQL when status is New notify owner\n",
      "rule \"R\" on SQL until status is New wait 1 day notify owner\n",
      "rule \"R\" on SQL wait 1 day notify owner\n",
      "rule \"R\" on SQL wait 2 days notify owner\n",
      "rule \"R\" on SQL every time wait 2 days notify owner\n",
      "rule \"R\" on SQL once per contact notify owner\n",
      "rule \"R\" on SQL notify owner \"a\"\n",
      "rule \"R\" on SQL notify owner \"{name}\"\n",
      "rule \"R\" on SQL set status New\n",
      "rule \"R\" on SQL set status Open\n",
      "rule \"R\" on SQL if opted out then notify owner end\n",
      "rule \"R\" on SQL if opted out then notify owner else notify owner end\n",
      "rule \"R\" on SQL split 50% notify owner 50% notify owner end\n",
  };
  std::vector<std::uint64_t> hashes;
  for (const std::string& script : scripts) hashes.push_back(HashOf(script));
  std::sort(hashes.begin(), hashes.end());
  CHECK(std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end());
}

TEST_CASE("jumps lead forward, and end behind the last action at most") {
  const auto program = ProgramOf(
      "rule \"R\"\n  on SQL\n  if opted out then\n    split 50% notify owner 50% wait 1 day end\n  else if status is New then notify owner "
      "end\n"
      "  wait until email opened for at most 1 day otherwise do if opted out then notify owner end end\n");
  const std::vector<ir::Action>& actions = program->rules[0].actions;
  CHECK(program->rules[0].branches);
  CHECK(program->rules[0].has_waits);
  for (std::uint32_t i = 0; i < actions.size(); ++i) {
    std::vector<std::uint32_t> targets;
    if (actions[i].kind == ir::ActionKind::kBranch || actions[i].kind == ir::ActionKind::kJump) targets.push_back(actions[i].target);
    for (const ir::Share& share : actions[i].shares) targets.push_back(share.target);
    if (actions[i].wait.has_value() && actions[i].wait->timeout != ir::kNoAction) targets.push_back(actions[i].wait->timeout);
    for (const std::uint32_t target : targets) {
      INFO(i << " to " << target);
      CHECK(target > i);
      CHECK(target <= actions.size());
    }
  }
}

TEST_CASE("rules, promises and schedules are found by what moves them") {
  const auto program = ProgramOf(
      "property contract_end date\nlist \"Hot\" when opted out\nlist \"Cold\" by hand\n"
      "30 days before contract_end notify owner\nafter 2 days without email opened notify owner\n"
      "1 day before meeting starts notify owner\nevery day at 09:00 for each contact in \"Hot\" notify owner\n"
      "every day at 10:00 for each contact in \"Cold\" notify owner\nalways owner is set when lifecycle is SQL\n"
      "never lifecycle MQL when lifecycle was Customer\n");
  const ir::TriggerIndex& index = program->index;
  CHECK(index.by_date[program->property_names.at("contract_end")].size() == 1);
  CHECK(index.by_silence[program->rules[RuleOf(*program, "after 2 days without email opened #1")].tracker].size() == 1);
  CHECK(index.by_timing[program->event_names.at("meeting booked")].size() == 1);
  CHECK(index.by_withdrawal[program->event_names.at("meeting cancelled")].size() == 1);
  CHECK(index.schedule_by_node[program->node_names.at("hot")].size() == 1);
  CHECK(index.schedule_by_slot[program->list_slots.at("cold")].size() == 1);
  CHECK(index.promises_by_slot[program->well_known.lifecycle.value()] == std::vector<std::uint32_t>{1});
  CHECK(index.promises_by_node[program->promises[0].node] == std::vector<std::uint32_t>{0});
}

}  // namespace stagecraft::tests
