#include "runtime/import/events_csv.h"

#include <catch2/catch.hpp>

#include "dsl/compile.h"

namespace stagecraft::runtime {
namespace {

struct Read {
  Status status;
  std::vector<OwnedEvent> events;
  std::vector<ImportProblem> problems;
};

Read ReadEvents(std::string_view text, const EventMapping& mapping) {
  auto compiled = Compile({Source("test.stage", "property won_date date\nevent \"lead closed\"\n  amount money\n")});
  REQUIRE(compiled.program != nullptr);
  EventsCsv events(compiled.program, {mapping});
  Read out;
  out.status = events.Feed(text);
  if (out.status.ok()) out.status = events.Finish();
  out.events = events.TakeEvents();
  out.problems = events.TakeProblems();
  return out;
}

EventMapping Closed() {
  EventMapping mapping;
  mapping.type = "lead closed";
  mapping.contact = "{lead}";
  mapping.occurred_at = "{won}";
  mapping.id = "closed-{lead}";
  mapping.fields = {{"amount", "{amount}"}};
  mapping.properties = {{"won_date", "{won}"}, {"lifecycle", "Customer"}, {"owner", "{rep}@acme.example"}};
  mapping.create_if_missing = true;
  mapping.date_order = "DD-MM-YYYY";
  return mapping;
}

TEST_CASE("a row becomes an event through the patterns of the mapping") {
  const auto out = ReadEvents("lead,won,rep,amount\nL1,26-02-2018 19:58,ana,\n", Closed());
  REQUIRE(out.status.ok());
  REQUIRE(out.events.size() == 1);
  const auto& event = out.events[0];
  CHECK(event.id == "closed-L1");
  CHECK(event.contact == "L1");
  CHECK(event.occurred_at == 1'519'675'080'000'000);
  CHECK(event.create == CreateMode::kCreateIfMissing);
  CHECK(event.fields.empty());
  CHECK(event.properties == std::vector<OwnedInput>{{"won_date", "2018-02-26"}, {"lifecycle", "Customer"}, {"owner", "ana@acme.example"}});
}

TEST_CASE("rows that cannot become an event are reported, the others do") {
  const auto out = ReadEvents("lead,won,rep,amount\n,26-02-2018,ana,5\nL2,soon,ana,5\nL3,26-02-2018\nL4,26-02-2018,ana,5\n", Closed());
  CHECK(out.events.size() == 1);
  REQUIRE(out.problems.size() == 3);
  CHECK(Describe(out.problems[0]) == "line 2, column `lead`: the row has no id of a contact");
  CHECK(Describe(out.problems[1]) ==
        "line 3, column `won`, value `soon`: expected a date and time, such as `2024-03-12 09:14` or `3/12/2024 9:14 AM`");
  CHECK(Describe(out.problems[2]) == "line 4: the row has 2 values, the heading has 4");
}

TEST_CASE("without an id the row itself makes it") {
  auto mapping = Closed();
  mapping.id.clear();
  const auto out = ReadEvents("lead,won,rep,amount\nL1,26-02-2018,ana,5\nL1,26-02-2018,ana,5\nL1,26-02-2018,ana,6\n", mapping);
  REQUIRE(out.events.size() == 3);
  CHECK(out.events[0].id == out.events[1].id);
  CHECK(out.events[0].id != out.events[2].id);
}

TEST_CASE("a mapping that does not fit is refused") {
  auto mapping = Closed();
  mapping.contact = "{mql}";
  CHECK(ReadEvents("lead,won,rep,amount\n", mapping).status.message ==
        "there is no column `mql`; the columns are `lead`, `won`, `rep`, `amount`");
  mapping = Closed();
  mapping.type = "lead lost";
  CHECK(ReadEvents("lead,won,rep,amount\n", mapping).status.message == "there is no event `lead lost`");
  mapping = Closed();
  mapping.fields = {{"sum", "{amount}"}};
  CHECK(ReadEvents("lead,won,rep,amount\n", mapping).status.message == "the event `lead closed` has no field `sum`");
  mapping = Closed();
  mapping.occurred_at = "{won";
  CHECK(ReadEvents("lead,won,rep,amount\n", mapping).status.message == "`{won` lacks its closing `}`");
}

}  // namespace
}  // namespace stagecraft::runtime
