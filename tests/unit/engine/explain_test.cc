// Whatever happened can be traced to a line of script (language.md, principle 4).
#include "runtime/explain/explain.h"

#include <catch2/catch.hpp>

#include "runtime/model/reasons.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kChain[] = R"(status
  start   New
  process Open, Connected
  outcome Recycle
score
  +10 when page viewed "/pricing" within 14 days
  +5 when email is set
list "Hot" when score >= 10
on joining "Hot" set lifecycle SQL
on SQL set status New because "hot enough"
after 3 days in status New set status Open
list "Cold" by hand
define warm when score > 5
)";

const char kRuns[] = R"(within 1 day of SQL expect call
  otherwise notify "mika@acme.example" "missed"
sequence "Chase"
  wait until email opened for at most 3 days
  set job title "opened"
  wait 2 days
  set job title "late"
on SQL start sequence "Chase"
)";

struct Story {
  explicit Story(const char* script = kChain) {
    auto opened = Engine::Open(*store, clock, random, {});
    if (!opened) FAIL(opened.error().message);
    engine = std::move(*opened);
    const auto deployed = engine->Deploy({{{"sales.stage", script}}, "mika", "", 0});
    if (!deployed || deployed->revision != 1) FAIL("the script does not compile");
    Apply({"e1", "ana", "contact created", kStart, {}, {{"email", "ana@acme.example"}}, CreateMode::kMustCreate, "import"});
    Apply({"e2", "ana", "page viewed", kStart + kHour, {{"page", "/pricing"}}, {}, CreateMode::kMustExist, "web"});
  }

  void Apply(const TestEvent& event) {
    clock.Set(event.at);
    const TestBatch batch({event});
    const auto results = engine->Apply(batch.inputs());
    REQUIRE(results);
    REQUIRE(results->at(0).status.message == "");
  }
  Explanation Explain(const std::string& property) {
    auto explanation = runtime::Explain(*engine, "ana", property);
    if (!explanation) FAIL(explanation.error().message);
    return *explanation;
  }

  std::unique_ptr<Store> store = NewMemoryStore();
  ManualClock clock{kStart};
  SeededRandom random{1};
  std::unique_ptr<Engine> engine;
};

// The chain of first causes, one line each.
std::vector<std::string> Chain(const Cause& cause) {
  std::vector<std::string> lines;
  for (const Cause* at = &cause; at != nullptr; at = at->causes.empty() ? nullptr : &at->causes.front()) {
    lines.push_back(at->text + (at->line == 0 ? "" : " " + at->file + ":" + std::to_string(at->line)));
  }
  return lines;
}

TEST_CASE("a value is explained by rule, line and what set it off, down to the event") {
  Story story;
  const Explanation explanation = story.Explain("status");
  CHECK(explanation.value == "New");
  CHECK(Chain(explanation.cause) == std::vector<std::string>{"status set to New because \"hot enough\"", "rule \"on SQL\" sales.stage:10",
                                                             "lifecycle set to SQL", "rule \"on joining \"Hot\"\" sales.stage:9",
                                                             "joined list \"Hot\"", "score: 5 -> 15", "page viewed by web"});
  const Cause* last = &explanation.cause;
  while (!last->causes.empty()) last = &last->causes.front();
  CHECK(last->kind == CauseKind::kEvent);
  CHECK(last->event_id == "e2");
  CHECK(last->at == kStart + kHour);
}

TEST_CASE("what a timer did is explained by what it waited on") {
  Story story;
  story.clock.Set(kStart + 4 * kDay);
  REQUIRE(story.engine->Settle().ok());
  const std::vector<std::string> chain = Chain(story.Explain("status").cause);
  REQUIRE(chain.size() > 3);
  CHECK(chain[0] == "status: New -> Open");
  CHECK(chain[2].find("timer of rule") == 0);
  CHECK(chain[3].find("status set to New") == 0);
}

TEST_CASE("what a run did is explained by what it waited for, and by what had set it off") {
  Story story(kRuns);
  story.Apply({"e3", "ana", "contact updated", kStart + 2 * kHour, {}, {{"lifecycle", "SQL"}}, CreateMode::kMustExist, ""});
  story.Apply({"e4", "ana", "email opened", kStart + 3 * kHour, {}, {}, CreateMode::kMustExist, "mail"});
  const Explanation opened = story.Explain("job title");
  CHECK(Chain(opened.cause) == std::vector<std::string>{"job title set to opened", "rule \"Chase\" sales.stage:3", "email opened by mail"});
  REQUIRE(opened.cause.causes.front().causes.size() == 2);
  CHECK(Chain(opened.cause.causes.front().causes.back()) ==
        std::vector<std::string>{"sequence \"Chase\" waits, until 2026-01-04 02:00 at most", "rule \"Chase\" sales.stage:3",
                                 "sequence \"Chase\" started", "rule \"on SQL\" sales.stage:8", "lifecycle set to SQL", "contact updated"});

  story.clock.Set(kStart + 4 * kDay);
  REQUIRE(story.engine->Settle().ok());
  const std::vector<std::string> late = Chain(story.Explain("job title").cause);
  REQUIRE(late.size() > 4);
  CHECK(late[0] == "job title: opened -> late");
  CHECK(late[2] == "timer of sequence \"Chase\"");
  CHECK(late[3] == "sequence \"Chase\" waits until 2026-01-03 03:00");
}

TEST_CASE("a timeline tells of an SLA that runs and is missed") {
  Story story(kRuns);
  story.Apply({"e3", "ana", "contact updated", kStart + 2 * kHour, {}, {{"lifecycle", "SQL"}}, CreateMode::kMustExist, ""});
  story.clock.Set(kStart + 2 * kDay);
  REQUIRE(story.engine->Settle().ok());
  const auto page = Timeline(*story.engine, "ana", 0, 2);
  REQUIRE(page);
  REQUIRE(page->entries.size() == 2);
  const auto texts = [](const TimelineEntry& entry) {
    std::vector<std::string> lines;
    for (const TimelineChange& change : entry.changes) lines.push_back(change.text);
    return lines;
  };
  CHECK(texts(page->entries[1]) ==
        std::vector<std::string>{"lifecycle set to SQL", "SLA \"within 1 day of SQL\" is running, until 2026-01-02 02:00 at most",
                                 "sequence \"Chase\" started", "sequence \"Chase\" waits, until 2026-01-04 02:00 at most"});
  CHECK(page->entries[0].title == "timer of SLA \"within 1 day of SQL\"");
  CHECK(texts(page->entries[0]) == std::vector<std::string>{"SLA \"within 1 day of SQL\": what was expected has not happened in time",
                                                            "notified mika@acme.example: missed",
                                                            "SLA \"within 1 day of SQL\" was missed"});
}

TEST_CASE("a timeline leaves out a time that passed by which nothing changed that it tells of") {
  Story story("counter looks of page viewed within 1 day\n");
  story.clock.Set(kStart + 3 * kDay);
  REQUIRE(story.engine->Settle().ok());
  const auto page = Timeline(*story.engine, "ana", 0, 10);
  REQUIRE(page);
  REQUIRE(page->entries.size() == 2);
  CHECK(page->entries[0].title == "page viewed");
  // The record itself is there: the counter has another value.
  const auto records = story.engine->History("ana", 0, 10);
  REQUIRE(records);
  CHECK(records->records.size() == 3);
}

TEST_CASE("a score is explained by the criteria that are met") {
  Story story;
  const Explanation explanation = story.Explain("score");
  CHECK(explanation.value == "15");
  REQUIRE(explanation.cause.causes.size() == 3);
  CHECK(explanation.cause.causes[0].kind == CauseKind::kPart);
  CHECK(explanation.cause.causes[0].text.find("+10") == 0);
  CHECK(explanation.cause.causes[0].line == 6);
  CHECK(explanation.cause.causes[0].revision == 1);
  CHECK(explanation.cause.causes[1].text.find("+5") == 0);
}

TEST_CASE("a list is explained by membership, a definition by where it is declared") {
  Story story;
  CHECK(story.Explain("Hot").value == "member");
  CHECK(story.Explain("Cold").value == "not a member");
  const Explanation explanation = story.Explain("warm");
  CHECK(explanation.value == "yes");
  CHECK(explanation.cause.text == "warm holds");
  CHECK(explanation.cause.line == 13);
  CHECK(explanation.cause.revision == 1);
}

TEST_CASE("what was never set, and what does not exist, is said") {
  Story story;
  CHECK(story.Explain("owner").cause.text == "owner was never set");
  const auto unknown = Explain(*story.engine, "ana", "stauts");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().reason == reasons::kUnknownProperty);
  CHECK(unknown.error().message.find("did you mean `status`?") != std::string::npos);
  CHECK(Explain(*story.engine, "nobody", "status").error().code == StatusCode::kNotFound);
}

TEST_CASE("a timeline has an entry for each record, with its changes and the rules that made them") {
  Story story;
  const auto page = Timeline(*story.engine, "ana", 0, 1);
  REQUIRE(page);
  REQUIRE(page->entries.size() == 1);
  const TimelineEntry& entry = page->entries[0];
  CHECK(entry.title == "page viewed");
  CHECK(entry.event_id == "e2");
  CHECK(entry.actor == "web");
  std::vector<std::string> changes;
  for (const TimelineChange& change : entry.changes) changes.push_back(change.text);
  CHECK(changes == std::vector<std::string>{"score: 5 -> 15", "joined list \"Hot\"", "lifecycle set to SQL",
                                            "status set to New because \"hot enough\""});
  CHECK(entry.changes[3].rule == "on SQL");
  CHECK(entry.changes[3].line == 10);
  CHECK(entry.changes[3].reason == "hot enough");
  CHECK(entry.changes[3].after == "New");
  const auto rest = Timeline(*story.engine, "ana", page->next, 10);
  REQUIRE(rest);
  REQUIRE(rest->entries.size() == 1);
  CHECK(rest->entries[0].title == "contact created");
  CHECK(rest->next == 0);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
