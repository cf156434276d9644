#include "tests/reference/people_history.h"

#include <string>
#include <string_view>

namespace stagecraft::reference {
namespace {

using runtime::RandomEvent;
using runtime::RandomHistory;
using runtime::RandomStep;

constexpr runtime::Micros kHour = 3'600'000'000;
constexpr int kSteps = 35;

constexpr std::string_view kPlainTeam = R"(team "Inside Sales" "aya@acme.example", "ben@acme.example", manager "mika@acme.example")";
constexpr std::string_view kTeams[] = {
    kPlainTeam, R"(team "Inside Sales" "aya@acme.example" weight 2, "ben@acme.example", manager "mika@acme.example")",
    R"(team "Inside Sales" "aya@acme.example" at most 1, "ben@acme.example" at most 2, "boss@acme.example", manager "mika@acme.example")",
    R"(team "Inside Sales" "aya@acme.example" weight 3, "ben@acme.example" weight 5 at most 3, "boss@acme.example", manager "boss@acme.example")",
    R"(team "Inside Sales" "aya@acme.example" at most 1, "ben@acme.example" at most 1)"};
constexpr std::string_view kWiderField = R"(team "Field" "aya@acme.example", "boss@acme.example", manager "max@acme.example")";
constexpr std::string_view kField[] = {
    R"(team "Field" "cara@acme.example", "Aya@acme.example" weight 4, "ben@acme.example" weight 3, manager "mika@acme.example")",
    R"(team "Field" "boss@acme.example" at most 2, "cara@acme.example" weight 2 at most 1)"};

constexpr std::string_view kTriggers[] = {"on contact created",
                                          "on contact updated",
                                          "on page viewed",
                                          "on email opened",
                                          "on task created",
                                          "on task completed",
                                          "on task reopened",
                                          "on task changed",
                                          "on change of owner",
                                          "on change of helper",
                                          "on status Open",
                                          "on SQL",
                                          "when done >= 2",
                                          "when task completed within 5 hours",
                                          "when owner in \"Field\"",
                                          "when owner is not set and status is set",
                                          "after 4 hours in status Open",
                                          "after 9 hours without task completed",
                                          "after 12 hours without activity",
                                          "2 hours after task completed",
                                          "within 5 hours of page viewed"};
constexpr std::string_view kModifiers[] = {"",
                                           "",
                                           "",
                                           " when helper is not set",
                                           " when owner is not set",
                                           " every time",
                                           " once per contact",
                                           " until task completed",
                                           " when owner in \"Inside Sales\"",
                                           " when task changed within 8 hours"};
constexpr std::string_view kActions[] = {"assign owner from \"Inside Sales\" by rotation",
                                         "assign owner from \"Inside Sales\" by load",
                                         "assign owner from \"Inside Sales\" by rotation keeping account owner",
                                         "assign owner from \"Inside Sales\" by load keeping account owner",
                                         "assign helper from \"Inside Sales\" by rotation",
                                         "assign owner from \"Field\" by rotation",
                                         "assign helper from \"Field\" by load",
                                         "assign helper from \"Field\" by rotation keeping account owner",
                                         "assign owner to \"ben@acme.example\"",
                                         "assign helper to \"Aya@acme.example\"",
                                         "copy owner to helper",
                                         "clear owner",
                                         "clear helper",
                                         "create task \"Call {name}\" for owner due in 4 hours remind 1 hour before",
                                         "create task \"Write\" for helper due in 6 hours priority high remind when due",
                                         "create task \"Ask\" for manager of owner due in 1 business hour remind 3 hours before",
                                         "create task \"All {status}\" for \"Inside Sales\" due in 1 day remind 20 hours before",
                                         "create task \"Ben's\" for \"ben@acme.example\" priority low",
                                         "create task \"Nobody's\"",
                                         "notify owner \"{owner}\"",
                                         "notify helper",
                                         "notify manager of helper \"{helper}\"",
                                         "notify \"Field\" \"{done}\"",
                                         "notify \"ben@acme.example\" \"{status}\"",
                                         "wait until task completed for at most 6 hours otherwise notify owner \"open\"",
                                         "wait until task reopened",
                                         "wait 2 hours",
                                         "set status Open",
                                         "set status New",
                                         "add 1 to budget"};
// What reads the fields of an event about a task.
constexpr std::string_view kWholeRules[] = {
    "on task completed when title contains \"call\"\n  append \"{title}\" to job title\n",
    "on task changed when assignee is set\n  set job title \"{assignee} {due} {priority}\"\n",
    "on task reopened\n  wait 1 hour\n  create task \"Again {title}\" for owner due in 3 hours remind 2 hours before\n"};

constexpr std::string_view kUsers[] = {"aya@acme.example", "ben@acme.example",  "Boss@Acme.example", "cara@acme.example",
                                       "AYA@acme.example", "boss@acme.example", "mika@acme.example"};
constexpr std::string_view kContacts[] = {"ana", "ben", "eva", "kim", "leo"};
constexpr std::string_view kDomains[] = {"acme.test", "ACME.test", "acme.test", "other.test", ""};
constexpr std::string_view kTitles[] = {"Call back", "Write", "Send the offer"};
constexpr std::string_view kPriorities[] = {"low", "normal", "high"};

runtime::RandomScript Script(RandomHistory& random) {
  runtime::RandomScript script = random.Script();
  script.vocabulary.replace(script.vocabulary.find(kPlainTeam), kPlainTeam.size(), random.OneOf(kTeams));
  if (const std::size_t at = script.vocabulary.find(kWiderField); at != std::string::npos) script.vocabulary.erase(at, kWiderField.size());
  script.vocabulary += random.OneOf(kField) + "\nproperty helper user\ncounter done of task completed within 20 hours\n";
  script.rules.resize(static_cast<std::size_t>(random.Below(3)));
  for (int i = 4 + random.Below(4); i > 0; --i) {
    const std::string trigger = random.OneOf(kTriggers);
    const bool sla = trigger.starts_with("within ");
    std::string modifier = random.OneOf(kModifiers);
    // Runs of such a rule make more of themselves.
    if (trigger.starts_with("on change")) modifier.clear();
    std::string rule = "rule \"p" + std::to_string(i) + "\"\n  " + trigger + "\n " + modifier + "\n";
    if (sla) rule += "  expect task completed otherwise do\n";
    for (int action = random.Below(3); action >= 0; --action) rule += "  " + random.OneOf(kActions) + "\n";
    script.rules.push_back(rule + (sla ? "  end\n" : ""));
  }
  if (random.Below(2) == 0) script.rules.push_back("rule \"whole\"\n  " + random.OneOf(kWholeRules));
  return script;
}

RandomStep SayOfUser(RandomHistory& random) {
  RandomStep step;
  step.says.emplace();
  step.says->user = random.OneOf(kUsers);
  if (random.Below(2) == 0) step.says->deactivated = random.Below(2) == 0;
  if (step.says->deactivated.has_value() && random.Below(3) != 0) return step;
  step.says->absences.emplace();
  for (int i = random.Below(3); i > 0; --i) {
    const runtime::Micros from = (random.Below(16) - 8) * kHour;
    step.says->absences->emplace_back(from, from + (1 + random.Below(20)) * kHour);
  }
  return step;
}

void SayOfTask(RandomHistory& random, RandomEvent& event) {
  constexpr std::string_view kTypes[] = {"task completed", "task completed", "task reopened", "task reopened",
                                         "task changed",   "task changed",   "task created"};
  event.type = random.OneOf(kTypes);
  event.fields.clear();
  if (random.Below(3) != 0) event.properties.clear();
  if (event.type != "task created") event.task = {static_cast<std::size_t>(random.Below(3)), random.Below(12) == 0};
  if (event.type == "task created" || random.Below(5) == 0) event.fields.emplace_back("title", random.OneOf(kTitles));
  if (event.type != "task created" && event.type != "task changed") return;
  if (random.Below(2) == 0) event.fields.emplace_back("assignee", random.OneOf(kUsers));
  if (random.Below(2) == 0) event.fields.emplace_back("due", RandomEvent::FromNow{(random.Below(30) - 8) * kHour});
  if (random.Below(3) == 0) event.fields.emplace_back("priority", random.OneOf(kPriorities));
}

// `people`: one of so many steps is about a user.
RandomStep Step(RandomHistory& random, bool restarts, int people) {
  if (random.Below(people) == 0) return SayOfUser(random);
  RandomStep step = random.EngineStep(restarts);
  if (!step.event.has_value()) return step;
  RandomEvent& event = *step.event;
  event.contact = random.OneOf(kContacts);
  if (random.Below(3) == 0) event.properties.emplace_back("company domain", random.OneOf(kDomains));
  if (random.Below(6) == 0) event.properties.emplace_back("helper", random.OneOf(kUsers));
  if (random.Below(2) == 0) SayOfTask(random, event);
  return step;
}

}  // namespace

History PeopleHistory(std::uint64_t seed, bool deploys) {
  RandomHistory random(seed, deploys ? runtime::Slice::kDeployments : runtime::Slice::kRuns);
  History history;
  history.script = Script(random);
  history.start = StartOf(seed);
  runtime::RandomScript script = history.script;
  for (int i = 0; i < kSteps; ++i) {
    if (deploys && random.Below(8) == 0) {
      history.steps.push_back(random.DeployStep(script));
      script = history.steps.back().deploys->script;
      continue;
    }
    RandomStep step = Step(random, seed % 5 == 0, deploys ? 5 : 9);
    history.steps.push_back(step);
    // What was completed by mistake is opened again at once: two of the many steps alone would seldom mean the same task.
    if (!step.event.has_value() || step.event->type != "task completed" || random.Below(3) != 0) continue;
    step.event->type = "task reopened";
    history.steps.push_back(step);
  }
  return history;
}

}  // namespace stagecraft::reference
