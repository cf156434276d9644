#include "tests/support/random_history.h"

#include <utility>

#include "tests/support/random_subjects.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kHour = 3'600'000'000;

constexpr std::string_view kPlainVocabulary = R"(
status
  start New
  process Open, "Attempted to Contact", Connected
  outcome "Open Deal", Nurturing ("Bad Timing", Pricing)
property budget money
property renewal date
team "Inside Sales" "aya@acme.example", "ben@acme.example", manager "mika@acme.example"
list "By hand" by hand
template "intro" subject "Hello {name}" body "{company name}"
pipeline Sales Qualified 20%, Won 100%
)";

constexpr std::string_view kDerivedVocabulary = R"(
counter attempts of email sent, call no answer since MQL
counter visits of page viewed within 9 hours
define target
  when company employees >= 100 and (visits >= 2 or opted out)
score
  +5 when email clicked within 20 hours
  +3 when visits in 2..3
  +6 when visits >= 4
  +15 when target
  -9 when status is Nurturing
  +2 each page viewed within 30 hours
score heat
  +1 each email opened
  +4 when page viewed "/pricing*" within 5 hours
list "Warm" when score >= 8 and not (status is Open)
list "Hot" when heat >= 3 or score in 15..40
score fading halving every 11 hours
  +5 each page viewed
list "Fading" when fading >= 4
list "Renewals" when renewal within the next 2 days or last contacted within the last 9 hours
)";

constexpr std::string_view kRunsVocabulary = R"(
sequence "Chase"
  stop when email clicked
  send email "intro"
  wait 5 hours
  if status is Open then notify owner "open" else set status Open end
  wait until email opened for at most 8 hours otherwise set job title "silent"
  finally set status Nurturing because "No reply"
)";

constexpr std::string_view kPromises = R"(
always owner is set when lifecycle is SQL
never lifecycle MQL when lifecycle was Customer
moves of status
  New -> process
  process -> later process, outcome
)";

constexpr std::string_view kWiderVocabulary = R"(
property demo time
property region one of EMEA, APAC
property first owner user
counter calls of call since renewal
counter recent of email opened, email clicked within 30 hours
define reached when became MQL date within the last 5 hours or last contacted within the last 3 hours
define ours when owner in "Inside Sales"
score worth halving every 7 hours
  +9 each page viewed "/pricing*"
  -5 each call no answer within 40 hours
  +3 when email contains "buyer" and not ours
score cooling halving every 2 hours
  -7 each email sent
team "Field" "aya@acme.example", "boss@acme.example", manager "max@acme.example"
sequence "Short"
  when region is EMEA
  at most once per 12 hours
  stop when score >= 20
  add 1 to budget
  wait 3 hours
  finally assign owner from "Field" by rotation
list "Near" when demo within the next 6 hours or demo within the last 4 hours
list "Worth" when worth >= 5 or region is APAC
sequence "Nurse"
  stop when lifecycle is Customer or calls >= 2
  wait until recent >= 1 for at most 1 day otherwise do wait 3 hours notify owner "{region}" end
  leave "Chase"
  set region APAC
)";

// A zone whose clocks change, and days on which nobody works.
constexpr std::string_view kCalendars[] = {"", R"(
workspace "Acme"
  time zone "Europe/Berlin"
  business hours Mon-Fri 09:00-17:30
  holidays 2026-10-05, 2026-10-26
)",
                                           R"(
workspace "Acme"
  time zone "America/New_York"
  business hours Mon-Sat 08:00-12:00
)"};

// What may be another way in another version of a script: from, to.
constexpr std::pair<std::string_view, std::string_view> kVariations[] = {
    {"Hello {name}", "Dear {first name}"},
    {"page viewed within 9 hours", "page viewed within 20 hours"},
    {"+3 when visits in 2..3", "+4 when visits in 1..3"},
    {"score >= 8 and not (status is Open)", "score >= 5"},
    {"company employees >= 100 and", "company employees >= 50 and"},
    {"process Open, \"Att", "process Open, Trying, \"Att"},
    {"Nurturing (\"Bad Timing\", Pricing)", "Nurturing (\"Bad Timing\", \"No Budget\", Pricing)"},
    {"halving every 11 hours", "halving every 6 hours"},
    {"wait 5 hours\n", "wait 2 hours\n"},
    {"stop when email clicked", "stop when email clicked or status is Connected"},
    {"by hand\n", "by hand\ntemplate \"outro\" subject \"Bye\" body \"{status}\"\n"},
    {"renewal within the next 2 days", "renewal within the next 3 days"},
    {"became MQL date within the last 5 hours", "became MQL date within the last 9 hours"},
    {"call since renewal", "call no answer since renewal"},
    {"  at most once per 12 hours\n", ""},
    {"wait until recent >= 1 for at most 1 day", "wait until recent >= 2 for at most 5 hours"},
    {"demo within the last 4 hours", "demo within the last 7 hours"},
    {"worth >= 5 or region is APAC", "worth >= 2"},
    {"Europe/Berlin", "Asia/Tokyo"},
    {"Mon-Sat 08:00-12:00", "Mon-Fri 07:00-15:00"}};

constexpr std::string_view kRegions[] = {"EMEA", "APAC", ""};
constexpr std::string_view kStatuses[] = {"New", "Open", "Connected", "Bad Timing", "Pricing", "Nurturing", "Open Deal", ""};
constexpr std::string_view kStages[] = {"Lead", "MQL", "SQL", "Customer", ""};
constexpr std::string_view kUsers[] = {"aya@acme.example", "boss@acme.example", ""};
constexpr std::string_view kMails[] = {"ana@buyer.example", ""};
constexpr std::string_view kPages[] = {"/pricing/x", "/docs"};
constexpr std::string_view kEvents[] = {"page viewed",    "email sent",        "email opened",    "email clicked",
                                        "call no answer", "meeting ends",      "contact updated", "contact created",
                                        "meeting booked", "meeting cancelled", "call connected",  "meeting starts"};

constexpr RandomChoice kTriggers[] = {
    {"on SQL"},
    {"on status Nurturing"},
    {"on status New -> Open"},
    {"on change of owner"},
    {"on change of status"},
    {"on page viewed \"/pricing*\""},
    {"on email sent"},
    {"after meeting ends"},
    {"on joining \"Warm\"", Slice::kDerived},
    {"on leaving \"Warm\"", Slice::kDerived},
    {"on joining \"Hot\"", Slice::kDerived},
    {"on joining \"By hand\""},
    {"on leaving \"By hand\""},
    {"when attempts reaches 2", Slice::kDerived},
    {"when target", Slice::kDerived},
    {"when status is Open and visits >= 1", Slice::kDerived},
    {"after 3 hours in status New", Slice::kTimers},
    {"after 7 hours in status Nurturing", Slice::kTimers},
    {"on contact created"},
    // With an action that makes it longer each time and a guard that nobody sees through, a cascade without an end (E4).
    {"on change of job title"},
    {"when last contacted is set", Slice::kDerived},
    {"after 9 hours without activity", Slice::kTimers},
    {"3 hours after meeting ends", Slice::kTimers},
    {"2 hours before meeting starts", Slice::kTimers},
    {"20 hours before renewal", Slice::kTimers},
    {"1 day before renewal at 09:30", Slice::kTimers},
    {"6 hours after became MQL date", Slice::kTimers},
    {"every day at 08:00 for each contact in \"Warm\"", Slice::kTimers},
    {"every business day at 17:45 for each contact in \"By hand\"", Slice::kTimers},
    {"on joining \"Renewals\"", Slice::kDerived},
    {"on leaving \"Fading\"", Slice::kDerived},
    {"when status is Open", Slice::kDerived},
    {"when email clicked within 6 hours", Slice::kDerived},
    {"within 6 hours of SQL", Slice::kRuns},
    {"within 2 business hours of joining \"Hot\"", Slice::kAll},
    {"on MQL -> SQL", Slice::kAll},
    {"on region APAC", Slice::kAll},
    {"on call", Slice::kAll},
    {"on joining \"Near\"", Slice::kAll},
    {"on leaving \"Worth\"", Slice::kAll},
    {"when worth < 0", Slice::kAll},
    {"when not reached", Slice::kAll},
    {"when lifecycle is MQL and became MQL date within the last 3 hours", Slice::kAll},
    {"when calls reaches 1", Slice::kAll},
    {"when not (email opened within 5 hours) and region is set", Slice::kAll},
    {"on demo", Slice::kAll},
    {"1 day before demo at 08:00", Slice::kAll},
    {"1 business day after renewal", Slice::kAll},
    {"2 business hours before renewal", Slice::kAll},
    {"1 month after became SQL date", Slice::kAll},
    {"3 business hours after meeting ends", Slice::kAll},
    {"1 day before meeting starts", Slice::kAll},
    {"every month on 31 at 02:30 for each contact", Slice::kAll},
    {"every Sunday, Wednesday at 02:30 for each contact in \"Worth\"", Slice::kAll},
    {"after 1 day in status Open", Slice::kAll},
    {"after 1 business day without email", Slice::kAll},
    {"when ours", Slice::kAll},
    {"when status is Open and owner is set", Slice::kAll},
    {"when lifecycle is SQL or region is APAC", Slice::kAll},
    {"when last contacted within the last 9 hours", Slice::kAll},
    {"when renewal within the next 1 day and status is set", Slice::kAll},
    {"when not (status is New)", Slice::kAll},
    {"within 1 business day of email clicked", Slice::kAll},
    {"on status Nurturing -> Open", Slice::kAll},
    {"on change of lifecycle", Slice::kAll},
    {"on change of budget", Slice::kAll},
    {"after 20 hours without page viewed \"/pricing*\"", Slice::kAll}};
constexpr RandomChoice kModifiers[] = {{""},
                                       {""},
                                       {""},
                                       {""},
                                       {" every time", Slice::kRuns},
                                       {" once per contact"},
                                       {" at most once per 10 hours"},
                                       {" until status is Connected", Slice::kRuns},
                                       {" until email opened", Slice::kRuns},
                                       {" until visits >= 2", Slice::kAll},
                                       {" until not (email sent within 6 hours)", Slice::kAll},
                                       {" every time until demo within the next 2 hours", Slice::kAll},
                                       {" disabled", Slice::kAll},
                                       {" migrate once per contact", Slice::kAll}};
constexpr RandomChoice kGuards[] = {{""},
                                    {""},
                                    {""},
                                    {" when lifecycle is SQL"},
                                    {" when not (status is New)"},
                                    {" when status before Connected"},
                                    {" when owner is set"},
                                    {" when email sent within 4 hours", Slice::kDerived},
                                    {" when status was New"},
                                    {" when score in 5..20", Slice::kDerived},
                                    {" when ours", Slice::kAll},
                                    {" when lifecycle was MQL or region is EMEA", Slice::kAll},
                                    {" when call since MQL", Slice::kAll},
                                    {" when email matches \"^A.*@(buyer|seller)\\\\.\"", Slice::kAll},
                                    {" when not (job title matches \"xx|open$\")", Slice::kAll},
                                    {" when renewal within the last 2 days", Slice::kAll}};
constexpr RandomChoice kActions[] = {
    {"set status New"},
    {"set status Open"},
    {"set status Pricing because \"{budget} euros\""},
    {"set status Pricing because \"{score} points\"", Slice::kDerived},
    {"clear status"},
    {"set lifecycle MQL"},
    {"set lifecycle back to Lead"},
    {"clear lifecycle"},
    {"assign owner from \"Inside Sales\" by rotation"},
    {"notify owner \"{name}: {status}\""},
    {"notify manager of owner \"{last contacted}\""},
    {"create task \"Call {name}\" for owner due in 4 business hours"},
    {"create task \"Nobody's\""},
    {"add to list \"By hand\""},
    {"remove from list \"By hand\""},
    {"set job title \"{job title}x{status}\""},
    {"notify \"Inside Sales\" \"{became SQL date}\""},
    {"set budget 100"},
    {"set budget budget * 3 + 1"},
    {"set renewal renewal + 1 month"},
    {"set renewal today + 2 days"},
    {"append \"{renewal}\" to job title"},
    {"append \"{visits}\" to job title", Slice::kDerived},
    {"start sequence \"Chase\"", Slice::kRuns},
    {"leave \"Chase\"", Slice::kRuns},
    {"send email \"intro\""},
    {"create deal \"{name}\" in pipeline Sales at Qualified amount budget"},
    {"call webhook \"crm\" with name, score, status"},
    {"wait 4 hours", Slice::kRuns},
    {"wait 1 business day", Slice::kRuns},
    {"wait until page viewed", Slice::kRuns},
    {"wait until status is Open for at most 7 hours otherwise clear status", Slice::kRuns},
    {"wait until renewal", Slice::kRuns},
    {"wait until Friday at 12:00", Slice::kRuns},
    {"if status is New then set status Open else notify owner \"{owner}\" end"},
    {"if score >= 8 then wait 2 hours set status Connected end", Slice::kRuns},
    {"split 50% set status New 50% wait 1 hour clear status end", Slice::kAll},
    {"copy owner to first owner", Slice::kAll},
    {"assign owner to \"ben@acme.example\"", Slice::kAll},
    {"add 5 to budget", Slice::kAll},
    {"set budget budget / 3 - score", Slice::kAll},
    {"set demo now + 3 hours", Slice::kAll},
    {"set renewal renewal + 1 business day", Slice::kAll},
    {"set region EMEA", Slice::kAll},
    {"clear region", Slice::kAll},
    {"clear renewal", Slice::kAll},
    {"set lifecycle SQL", Slice::kAll},
    {"start sequence \"Nurse\"", Slice::kAll},
    {"leave \"Nurse\"", Slice::kAll},
    {"wait until demo", Slice::kAll},
    {"wait until renewal at 10:00 for at most 6 hours", Slice::kAll},
    {"wait until not (page viewed within 3 hours)", Slice::kAll},
    {"wait until email opened since MQL", Slice::kAll},
    {"wait 2 business hours", Slice::kAll},
    {"wait until in \"Worth\" for at most 1 day otherwise do set region EMEA wait 1 hour end", Slice::kAll},
    {"if ours then notify owner \"{worth}\" else if reached then wait 1 hour clear demo end", Slice::kAll},
    {"start sequence \"Short\"", Slice::kAll},
    {"leave \"Short\"", Slice::kAll},
    {"assign owner from \"Field\" by rotation", Slice::kAll},
    {"create task \"{created}\" for \"Field\" due in 1 month priority high", Slice::kAll},
    {"set job title \"{company name}\"", Slice::kAll},
    {"set budget budget * 9000000 + 0.1", Slice::kAll},
    {"call webhook \"erp\" with renewal, demo, budget, region, opted out, worth, last contacted", Slice::kAll},
    {"wait until lifecycle at least SQL", Slice::kAll},
    {"set lifecycle Customer", Slice::kAll},
    {"copy job title to first name", Slice::kAll},
    {"split 20% wait until call 30% set region APAC 50% add 1 to budget end", Slice::kAll}};

}  // namespace

RandomScript RandomHistory::Script() {
  RandomScript script;
  script.vocabulary = Vocabulary();
  const int rules = 3 + Below(10);
  for (int i = 0; i < rules; ++i) script.rules.push_back(Rule(i));
  script.two_files = slice_ >= Slice::kAll && Below(3) == 0;
  return script;
}

RandomScript RandomHistory::Changed(RandomScript script) {
  std::vector<std::string> rules;
  for (std::string& rule : script.rules) {
    const int chance = Below(10);
    const std::size_t name_end = rule.find('\n');
    if (chance == 0) continue;
    if (chance <= 2) {
      const std::string other = Rule(0);
      rule = rule.substr(0, name_end) + other.substr(other.find('\n'));
    } else if (chance == 3) {
      for (const std::string_view word : {" disabled", " migrate"}) {
        const std::size_t at = rule.find(word);
        if (at != std::string::npos) rule.erase(at, word.size());
      }
    } else if (chance == 4) {
      // Behind the trigger, where modifiers stand.
      rule.insert(rule.find('\n', name_end + 1), Below(2) == 0 ? " disabled" : " migrate");
    } else if (chance == 5) {
      rule += "  " + std::string(OneOf(kActions)) + "\n";
    }
    rules.push_back(std::move(rule));
  }
  for (int i = Below(3); i > 0; --i) rules.push_back(Rule(20 + Below(40)));
  if (!rules.empty() && Below(3) == 0) std::swap(rules.front(), rules.back());
  script.rules = std::move(rules);
  for (const auto& [from, to] : kVariations) {
    const std::size_t at = script.vocabulary.find(from);
    if (at != std::string::npos && Below(6) == 0) script.vocabulary.replace(at, from.size(), to);
  }
  return script;
}

RandomStep RandomHistory::DeployStep(const RandomScript& script) {
  RandomStep step;
  step.deploys = {Changed(script), Below(3) == 0};
  return step;
}

std::string RandomHistory::Vocabulary() {
  std::string vocabulary(kPlainVocabulary);
  if (slice_ >= Slice::kDerived) vocabulary += kDerivedVocabulary;
  if (slice_ >= Slice::kRuns) vocabulary += kRunsVocabulary;
  if (slice_ >= Slice::kAll) vocabulary.append(kPromises).append(kWiderVocabulary).append(OneOf(kCalendars));
  return vocabulary.append(PartsOf(subject_).vocabulary);
}

RandomStep RandomHistory::Step() {
  RandomStep step;
  if (Below(3) == 0) {
    step.passes = Below(16) * kHour + Below(3);
    if (slice_ >= Slice::kAll && Below(8) == 0) step.passes *= 30;
  } else {
    step.event = Event();
  }
  return step;
}

RandomStep RandomHistory::EngineStep(bool restarts) {
  RandomStep step = Step();
  const int chance = Below(20);
  if (restarts && chance == 0) {
    step = {};
    step.restarts = true;
    step.from_checkpoint = Below(2) == 0;
  } else if (step.event.has_value() && chance < 3) {
    step = {};
    step.again = static_cast<std::size_t>(1 + Below(8));
  } else if (step.event.has_value() && chance == 3) {
    step.takes_id = true;
  } else if (step.passes > 0 && chance == 4) {
    step.passes = 0;
    step.clock_back = (1 + Below(40)) * kHour;
  }
  return step;
}

RandomEvent RandomHistory::Event() {
  RandomEvent event;
  event.contact = OneOf(kRandomContacts);
  event.type = OneOf(kEvents);
  if (Below(2) == 0) event.properties.emplace_back("status", OneOf(kStatuses));
  if (Below(3) == 0) event.properties.emplace_back("lifecycle", OneOf(kStages));
  if (Below(4) == 0) event.properties.emplace_back("owner", OneOf(kUsers));
  if (Below(4) == 0) event.properties.emplace_back("company employees", static_cast<double>(Below(200)));
  if (Below(6) == 0) event.properties.emplace_back("opted out", Below(2) == 0);
  if (Below(6) == 0) event.properties.emplace_back("email", OneOf(kMails));
  if (Below(5) == 0) event.properties.emplace_back("renewal", RandomEvent::FromNow{(Below(90) - 20) * kHour});
  if (slice_ >= Slice::kAll) {
    if (Below(5) == 0) event.properties.emplace_back("demo", RandomEvent::FromNow{(Below(40) - 10) * kHour});
    if (Below(5) == 0) event.properties.emplace_back("region", OneOf(kRegions));
  }
  if (event.type == "page viewed") event.fields.emplace_back("page", OneOf(kPages));
  if (event.type == "meeting booked") event.fields.emplace_back("starts at", RandomEvent::FromNow{Below(30) * kHour});
  if (Below(3) == 0) event.late = Below(40) * kHour;
  AddOfSubject(event);
  return event;
}

std::string RandomHistory::Rule(int number) {
  std::string rule = "rule \"" + std::to_string(number) + "\"\n  ";
  const RandomParts& parts = PartsOf(subject_);
  const std::string_view trigger = IsOf(parts.triggers) ? OneOf(parts.triggers) : OneOf(kTriggers);
  const std::string modifiers = std::string(IsOf(parts.guards) ? OneOf(parts.guards) : OneOf(kGuards)).append(OneOf(kModifiers));
  const bool sla = trigger.starts_with("within ");
  rule.append(trigger).append("\n ").append(modifiers).append("\n");
  if (sla) rule.append("  expect call or email sent otherwise do\n");
  for (int i = Below(3); i >= 0; --i) {
    rule.append("  ").append(IsOf(parts.actions) ? OneOf(parts.actions) : OneOf(kActions)).append("\n");
  }
  if (sla) rule.append("  end\n");
  return rule;
}

}  // namespace stagecraft::runtime
