#include "tests/reference/outbox_history.h"

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
constexpr std::string_view kNarrowTeam =
    R"(team "Inside Sales" "aya@acme.example" at most 1, "ben@acme.example" at most 1, manager "mika@acme.example")";
constexpr std::string_view kVocabulary = R"(
property helper user
property spread text
template "offer" subject "{name}: {status}, {renewal}" body "{score} {visits} {became MQL date} {budget} {owner} {last contacted}"
template "plain" subject "{first name}" body "{email}, {company name}: {lifecycle}, {opted out}"
)";

constexpr std::string_view kTriggers[] = {"on contact updated",
                                          "on page viewed",
                                          "on email opened",
                                          "on task completed",
                                          "on change of owner",
                                          "on status Open",
                                          "on SQL",
                                          "on joining \"Warm\"",
                                          "when visits >= 2",
                                          "after 4 hours in status Open",
                                          "2 hours after meeting ends",
                                          "within 5 hours of page viewed"};
constexpr std::string_view kModifiers[] = {"", "", "", " when status is Open", " once per contact", " until email clicked"};
constexpr std::string_view kActions[] = {"send email \"intro\"",
                                         "send email \"plain\"",
                                         "call webhook \"crm\" with name, score, status, owner, renewal",
                                         "call webhook \"erp\" with budget, opted out, last contacted, lifecycle, deal stage",
                                         "notify owner \"{name}: {status}\"",
                                         "notify helper \"{became SQL date}\"",
                                         "notify manager of owner \"{score}\"",
                                         "notify \"Inside Sales\" \"{visits}\"",
                                         "notify \"ben@acme.example\"",
                                         "assign owner from \"Inside Sales\" by rotation",
                                         "assign helper from \"Inside Sales\" by load",
                                         "assign owner to \"ben@acme.example\"",
                                         "copy owner to helper",
                                         "set budget budget * 9000000 + 1",
                                         "set budget 100 / visits",
                                         "set renewal renewal + 1 month",
                                         "set budget 900000000",
                                         "set spread \"x\"",
                                         "create deal \"{name}\" in pipeline Sales at Qualified",
                                         "move deal to Won",
                                         "create task \"Call {name}\" for helper",
                                         "set status Open",
                                         "set status New",
                                         "clear owner",
                                         "wait 2 hours",
                                         "wait until renewal",
                                         "wait until email opened for at most 5 hours otherwise send email \"plain\"",
                                         "if status is Open then notify helper \"open\" else send email \"intro\" end"};
// What reads the fields of its event, also when it is tried again; a cascade that has no end as long as a contact is Open.
constexpr std::string_view kWholeRules[] = {
    "on page viewed\n  notify owner \"{page}\"\n",
    "on page viewed\n  wait 2 hours\n  notify helper \"{page}\"\n  call webhook \"crm\" with page, status\n",
    "on email sent\n  set spread \"x\"\n",
    "on task completed\n  set spread \"{title}\"\n  notify helper \"{title}\"\n",
    "on change of spread\n  when status is Open\n  set spread \"{spread}x\"\n",
    "on change of spread\n  when status is Open\n  set spread \"{spread}y\"\n  notify owner \"{spread}\"\n"};
constexpr std::string_view kUsers[] = {"aya@acme.example", "ben@acme.example", "mika@acme.example"};

runtime::RandomScript Script(RandomHistory& random) {
  runtime::RandomScript script = random.Script();
  if (random.Below(2) == 0) script.vocabulary.replace(script.vocabulary.find(kPlainTeam), kPlainTeam.size(), kNarrowTeam);
  script.vocabulary += kVocabulary;
  script.rules.resize(static_cast<std::size_t>(random.Below(3)));
  for (int i = 3 + random.Below(4); i > 0; --i) {
    const std::string trigger = random.OneOf(kTriggers);
    const bool sla = trigger.starts_with("within ");
    std::string rule = "rule \"o" + std::to_string(i) + "\"\n  " + trigger + "\n " + random.OneOf(kModifiers) + "\n";
    if (sla) rule += "  expect call otherwise do\n";
    for (int action = 1 + random.Below(3); action >= 0; --action) rule += "  " + random.OneOf(kActions) + "\n";
    script.rules.push_back(rule + (sla ? "  end\n" : ""));
  }
  for (int i = 1 + random.Below(5); i > 0; --i)
    script.rules.push_back("rule \"w" + std::to_string(i) + "\"\n  " + random.OneOf(kWholeRules));
  return script;
}

RandomStep PutOutcome(RandomHistory& random) {
  using State = runtime::DispatchState;
  constexpr State kStates[] = {State::kSent, State::kSent, State::kWaiting, State::kDead, State::kSentDry};
  RandomStep step;
  step.outcome.emplace();
  step.outcome->which = {static_cast<std::size_t>(random.Below(5)), random.Below(3) == 0};
  // Nobody sends what is closed, unless somebody says so.
  step.outcome->again = step.outcome->which.of_all;
  step.outcome->state = kStates[random.Below(5)];
  step.outcome->next_in = random.Below(9) * kHour;
  return step;
}

void Set(RandomEvent& event, const std::string& property, const std::string& value) {
  std::erase_if(event.properties, [&](const auto& each) { return each.first == property; });
  event.properties.emplace_back(property, value);
}

RandomStep Step(RandomHistory& random, bool restarts) {
  RandomStep step;
  switch (random.Below(10)) {
    case 0:
      return PutOutcome(random);
    case 1:
    case 2:
      step.retries = {static_cast<std::size_t>(random.Below(4)), random.Below(8) == 0};
      return step;
    case 3:
      step.says = {random.OneOf(kUsers), random.Below(2) == 0, {}};
      return step;
    default:
      break;
  }
  step = random.EngineStep(restarts);
  if (!step.event.has_value()) return step;
  RandomEvent& event = *step.event;
  if (random.Below(4) == 0) event.properties.emplace_back("helper", random.OneOf(kUsers));
  if (random.Below(3) == 0) Set(event, "email", "eva@buyer.example");
  if (random.Below(3) == 0) Set(event, "owner", random.OneOf(kUsers));
  if (random.Below(4) == 0) Set(event, "status", random.Below(2) == 0 ? "Open" : "New");
  if (random.Below(4) != 0) return step;
  event.type = random.Below(2) == 0 ? "task completed" : "task reopened";
  event.fields.clear();
  event.task = {static_cast<std::size_t>(random.Below(3)), false};
  return step;
}

}  // namespace

History OutboxHistory(std::uint64_t seed) {
  RandomHistory random(seed, runtime::Slice::kRuns);
  History history;
  history.script = Script(random);
  history.start = StartOf(seed);
  history.outbox = true;
  for (int i = 0; i < kSteps; ++i) history.steps.push_back(Step(random, seed % 5 == 0));
  return history;
}

}  // namespace stagecraft::reference
