#include "runtime/import/events_ndjson.h"

#include <catch2/catch.hpp>

namespace stagecraft::runtime {
namespace {

struct Read {
  std::vector<OwnedEvent> events;
  std::vector<std::string> problems;
};

Read ReadEvents(std::string_view text, std::size_t piece = 1 << 20) {
  EventsNdjson reader;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.Feed(text.substr(0, piece));
  reader.Finish();
  Read out{reader.TakeEvents(), {}};
  for (const auto& problem : reader.TakeProblems()) out.problems.push_back(Describe(problem));
  return out;
}

constexpr std::string_view kWhole =
    R"({"id":"e1","contact":"ana","type":"email sent","occurred_at":"2026-10-05T09:14:00+02:00","actor":"ben","fields":{"subject":"Hi"},)"
    R"("properties":{"budget":12.5,"opted out":true,"city":null},"create_if_missing":true})"
    "\n";

TEST_CASE("a line is an event") {
  const auto out = ReadEvents(kWhole);
  REQUIRE(out.problems.empty());
  REQUIRE(out.events.size() == 1);
  const auto& event = out.events[0];
  CHECK(event.id == "e1");
  CHECK(event.contact == "ana");
  CHECK(event.type == "email sent");
  CHECK(event.occurred_at == 1'791'184'440'000'000);
  CHECK(event.actor == "ben");
  CHECK(event.create == CreateMode::kCreateIfMissing);
  CHECK(event.fields == std::vector<OwnedInput>{{"subject", "Hi"}});
  CHECK(event.properties == std::vector<OwnedInput>{{"budget", 12.5}, {"city", std::monostate()}, {"opted out", true}});
}

TEST_CASE("it does not matter where the file is cut into pieces, and the last line break may be missing") {
  const auto text = std::string(kWhole) + "\r\n\n" + std::string(kWhole.substr(0, kWhole.size() - 1));
  for (const std::size_t piece : {1U, 7U, 1000U}) {
    const auto out = ReadEvents(text, piece);
    REQUIRE(out.events.size() == 2);
    CHECK(out.events[1].line == 4);
  }
}

TEST_CASE("without an id the line makes it") {
  const std::string line = R"({"contact":"ana","type":"email sent","occurred_at":"2026-10-05T09:14:00Z"})";
  const auto out = ReadEvents(line + "\n" + line);
  REQUIRE(out.events.size() == 2);
  CHECK(out.events[0].id == out.events[1].id);
}

TEST_CASE("what is wrong is said with its line, and the others go in") {
  const auto out = ReadEvents(
      "{\"contact\":\n"
      "[]\n"
      "{\"contact\":\"a\",\"type\":\"email sent\"}\n"
      "{\"contact\":\"a\",\"type\":\"email sent\",\"occurred_at\":\"2026-10-05 09:14\"}\n"
      "{\"contact\":\"a\",\"typ\":\"email sent\"}\n"
      "{\"contact\":\"a\",\"type\":\"email sent\",\"occurred_at\":\"2026-10-05T09:14:00Z\",\"fields\":{\"x\":[1]}}\n"
      "{\"contact\":\"a\",\"type\":\"email sent\",\"occurred_at\":\"2026-10-05T09:14:00Z\"}\n");
  CHECK(out.events.size() == 1);
  REQUIRE(out.problems.size() == 6);
  CHECK(out.problems[0] == "line 1: not JSON: something is wrong at column 12; expected one object a line");
  CHECK(out.problems[1] == "line 2, `[]`: expected an object, such as `{\"contact\": …, \"type\": …, \"occurred_at\": …}`");
  CHECK(out.problems[2] == "line 3, `occurred_at`: the event has no `occurred_at`; say when it happened, such as `2026-10-01T09:00:00Z`");
  CHECK(out.problems[3] == "line 4, occurred_at `2026-10-05 09:14`: expected a time with its offset, such as `2026-10-05T09:14:00Z`");
  CHECK(
      out.problems[4] ==
      "line 5, `typ`: unknown key; the keys are id, contact, type, occurred_at, actor, fields, properties, create_if_missing, created_at");
  CHECK(out.problems[5] == "line 6, fields.x `[1]`: expected a text, a number, true, false or null");
}

TEST_CASE("a key that stands twice is a problem of its line, since one of the two would be lost") {
  const std::string head = "{\"contact\":\"a\",\"type\":\"email sent\",\"occurred_at\":\"2026-10-05T09:14:00Z\"";
  const auto out =
      ReadEvents(head + ",\"type\":\"call\"}\n" + head + ",\"properties\":{\"status\":\"New\",\"city\":\"Ulm\",\"status\":\"New\"}}\n" +
                 head + ",\"fields\":{\"type\":\"a\"},\"properties\":{\"type\":\"b\"}}\n" + head + ",\"fields\":{},\"fields\":{}}\n");
  REQUIRE(out.events.size() == 1);
  CHECK(out.events[0].line == 3);
  REQUIRE(out.problems.size() == 3);
  CHECK(out.problems[0] == "line 1, `type`: this key stands twice in the same object; say it once");
  CHECK(out.problems[1] == "line 2, `status`: this key stands twice in the same object; say it once");
  CHECK(out.problems[2] == "line 4, `fields`: this key stands twice in the same object; say it once");
}

TEST_CASE("a number that is too large and a value that is nested without end are problems of their lines") {
  const std::string head = "{\"contact\":\"a\",\"type\":\"email sent\",\"occurred_at\":\"2026-10-05T09:14:00Z\",\"fields\":{\"x\":";
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  const auto out = ReadEvents(head + "1e999}}\n" + head + deep + "}}\n" + deep + "\n");
  CHECK(out.events.empty());
  REQUIRE(out.problems.size() == 3);
  CHECK(out.problems[0] == "line 1: a number in it is too large; expected one below 10^308");
  CHECK(out.problems[1] == "line 2, fields.x `[…]`: expected a text, a number, true, false or null");
  CHECK(out.problems[2] == "line 3, `[…]`: expected an object, such as `{\"contact\": …, \"type\": …, \"occurred_at\": …}`");
}

}  // namespace
}  // namespace stagecraft::runtime
