#include "runtime/exec/resolve.h"

#include <catch2/catch.hpp>

#include "runtime/exec/format.h"
#include "runtime/exec/read_value.h"
#include "tests/support/program_builder.h"

namespace stagecraft::runtime {
namespace {

struct World {
  World() {
    ProgramBuilder builder;
    status = builder.Options("status", {"New", "Open", "Attempted to Contact"});
    builder.program().properties[status].options[0].internal_name = "NEW";
    builder.program().property_names["hs_lead_status"] = status;
    budget = builder.Property("budget", ir::Type::kMoney);
    opted_out = builder.Property("opted out", ir::Type::kTruth);
    born = builder.Property("born", ir::Type::kDate);
    seen = builder.Property("seen", ir::Type::kTime);
    note = builder.Property("note", ir::Type::kText);
    webinar = builder.Event("webinar attended", {{"topic", ir::Type::kText, {}, true}, {"minutes", ir::Type::kNumber, {}, true}});
    builder.program().calendar.time_zone = "Asia/Tokyo";
    program = builder.Build();
  }
  std::string Problem(std::uint32_t slot, const InputValue& input) const {
    const auto result = ResolveValue(*program, slot, input);
    return result ? "" : result.error().message;
  }
  std::string Reads(std::uint32_t slot, const InputValue& input) const {
    const auto result = ResolveValue(*program, slot, input);
    return result ? FormatValue(*program, program->properties[slot].type, slot, *result) : "not read: " + result.error().message;
  }

  std::shared_ptr<const ir::Program> program;
  std::uint32_t status, budget, opted_out, born, seen, note, webinar;
};

using namespace std::string_view_literals;

}  // namespace

TEST_CASE("an option is read by its label or internal name, in any letter case") {
  const World world;
  CHECK(world.Reads(world.status, "attempted TO contact"sv) == "Attempted to Contact");
  CHECK(world.Reads(world.status, "new"sv) == "New");
  CHECK(world.Problem(world.status, "Attempted to Contct"sv) ==
        "`status` has no option `Attempted to Contct`; the options are New, Open, Attempted to Contact; did you mean "
        "`Attempted to Contact`?");
  CHECK(world.Problem(world.status, 3.0) == "`status` wants one of its options, found the number `3`");
}

TEST_CASE("a number that is too large says what its range is") {
  const World world;
  const std::string wanted = "`budget` wants an amount from -9 200 000 000 000 to 9 200 000 000 000, found ";
  CHECK(world.Problem(world.budget, -1e308) == wanted + "the number `-1e+308`");
  CHECK(world.Problem(world.budget, "9200000000001"sv) == wanted + "`9200000000001`");
  CHECK(world.Problem(world.budget, "-99999999999999.5"sv) == wanted + "`-99999999999999.5`");
  CHECK(world.Problem(world.budget, "1e5"sv) == "`budget` wants an amount, like `1200.50`, found `1e5`");
}

TEST_CASE("numbers are read as people write them") {
  const World world;
  CHECK(world.Reads(world.budget, "1200.5"sv) == "1200.5");
  CHECK(world.Reads(world.budget, "1 200.50"sv) == "1200.5");
  CHECK(world.Reads(world.budget, "1,200,300"sv) == "1200300");
  CHECK(world.Reads(world.budget, "-3"sv) == "-3");
  CHECK(world.Reads(world.budget, ".5"sv) == "0.5");
  CHECK(world.Reads(world.budget, 0.1) == "0.1");
  CHECK(world.Reads(world.budget, "0.0000005"sv) == "0.000001");
  CHECK(world.Reads(world.budget, "1\u00A0200"sv) == "1200");
  for (const std::string_view wrong : {"1,20", "12,3456", "1,200,30", "abc", "1.2.3", "--1", ",200", "9300000000000", "1e5", "."}) {
    CHECK_FALSE(ReadNumber(wrong));
  }
  CHECK(world.Problem(world.budget, "a lot"sv) == "`budget` wants an amount, like `1200.50`, found `a lot`");
}

TEST_CASE("dates and times are read in the workspace's zone") {
  const World world;
  CHECK(world.Reads(world.born, "2026-10-01"sv) == "2026-10-01");
  CHECK(world.Reads(world.born, "2026-10-01T20:00:00Z"sv) == "2026-10-02");
  CHECK(world.Reads(world.seen, "2026-10-01T20:00:00Z"sv) == "2026-10-02 05:00");
  CHECK(world.Reads(world.seen, "2026-10-01 09:00"sv) == "2026-10-01 09:00");
  CHECK(world.Reads(world.seen, Micros{0}) == "1970-01-01 09:00");
  CHECK(world.Problem(world.born, "1/2/2026"sv) == "`born` wants a date, like `2026-10-01`, found `1/2/2026`");
  CHECK(world.Problem(world.born, "2026-02-30"sv) == "`born` wants a date, like `2026-10-01`, found `2026-02-30`");
}

TEST_CASE("an empty text and nothing at all leave a property unset") {
  const World world;
  CHECK_FALSE(ResolveValue(*world.program, world.status, ""sv)->set);
  CHECK_FALSE(ResolveValue(*world.program, world.note, std::monostate{})->set);
}

TEST_CASE("texts are kept in NFC and must be UTF-8") {
  const World world;
  CHECK(world.Reads(world.note, "Cafe\u0301"sv) == "Caf\u00E9");
  CHECK(world.Problem(world.note, "a\xFF"sv) == "`note` wants text in UTF-8, found a byte that is not at position 2");
}

TEST_CASE("yes and no") {
  const World world;
  CHECK(world.Reads(world.opted_out, "TRUE"sv) == "yes");
  CHECK(world.Reads(world.opted_out, false) == "no");
  CHECK(world.Problem(world.opted_out, "maybe"sv) == "`opted out` wants `yes` or `no`, found `maybe`");
}

TEST_CASE("an event is resolved by the names that the vocabulary knows") {
  const World world;
  const NamedInput fields[] = {{"Minutes", "25"sv}};
  const NamedInput properties[] = {{"HS_LEAD_STATUS", "open"sv}};
  EventInput input;
  input.id = "1";
  input.contact = "ana@acme.example";
  input.type = "Webinar Attended";
  input.fields = fields;
  input.properties = properties;
  ResolvedEvent event;
  REQUIRE(ResolveEvent(*world.program, input, 77, event).ok());
  CHECK(event.event == world.webinar);
  CHECK(event.occurred_at == 77);
  CHECK(event.fields == std::vector<RecordedField>{{1, {true, 25'000'000, ""}}});
  REQUIRE(event.changes.size() == 1);
  CHECK(event.changes[0].slot == world.status);
}

TEST_CASE("everything that is wrong with an event is said, with its path") {
  const World world;
  const NamedInput fields[] = {{"minuts", "25"sv}, {"minutes", "long"sv}};
  const NamedInput properties[] = {{"statsu", "open"sv}, {"status", "open"sv}, {"hs_lead_status", "new"sv}};
  EventInput input;
  input.contact = "ana acme";
  input.type = "webinar attended";
  input.fields = fields;
  input.properties = properties;
  ResolvedEvent event;
  const Status status = ResolveEvent(*world.program, input, 77, event);
  CHECK(status.code == StatusCode::kInvalidArgument);
  CHECK(status.reason == "INVALID_EVENT_ID");
  std::vector<std::string> found;
  for (const FieldViolation& violation : status.violations) found.push_back(violation.field + ": " + violation.description);
  CHECK(found == std::vector<std::string>{
                     "id: an event's id is 1 to 128 bytes of UTF-8, found 0 bytes",
                     "contact: a contact's id has Latin letters, digits and the marks of an e-mail address (.@-_+~'!#$%&*=?^{|}) only, "
                     "found `ana acme`",
                     "fields.minuts: `webinar attended` has no field `minuts`; did you mean `minutes`?",
                     "fields.minutes: `minutes` wants a number, like `1200.5`, found `long`",
                     "properties.statsu: there is no property `statsu`; did you mean `status`?",
                     "properties.hs_lead_status: `status` is given twice",
                 });
}

TEST_CASE("an e-mail address with any of its marks is a contact's id") {
  const World world;
  EventInput input;
  input.id = "1";
  input.contact = "o'brien+crm#2@acme.example";
  input.type = "webinar attended";
  ResolvedEvent event;
  CHECK(ResolveEvent(*world.program, input, 77, event).ok());
}

TEST_CASE("an unknown event names the nearest") {
  const World world;
  EventInput input;
  input.id = "1";
  input.contact = "ana";
  input.type = "webinar atended";
  ResolvedEvent event;
  const Status status = ResolveEvent(*world.program, input, 77, event);
  CHECK(status.reason == "UNKNOWN_EVENT_TYPE");
  CHECK(status.message == "there is no event `webinar atended`; did you mean `webinar attended`?");
}

TEST_CASE("a long name is cut between two letters in a message") {
  const World world;
  const std::string name = std::string(127, 'x') + "é and more";
  EventInput input;
  input.id = "1";
  input.contact = "ana";
  input.type = name;
  ResolvedEvent event;
  CHECK(ResolveEvent(*world.program, input, 77, event).message ==
        "there is no event `" + std::string(127, 'x') + "…`; declare it with `event` in a script");
}

TEST_CASE("an unknown event that is near to none says how to declare it") {
  const World world;
  EventInput input;
  input.id = "1";
  input.contact = "ana";
  input.type = "quux";
  ResolvedEvent event;
  CHECK(ResolveEvent(*world.program, input, 77, event).message == "there is no event `quux`; declare it with `event` in a script");
}

}  // namespace stagecraft::runtime
