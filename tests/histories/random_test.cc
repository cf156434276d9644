// Random scripts of the slice's sentences, random events: whatever happens, the journal must be enough and derived values never
// stale (FindFlaw). Unlike the unit test of the same idea this goes through the compiler and its indexes.
#include <catch2/catch.hpp>
#include <random>

#include "dsl/compile.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'845'200'000'000;
constexpr Micros kHour = 3'600'000'000;

constexpr std::string_view kVocabulary = R"(
status
  start New
  process Open, "Attempted to Contact", Connected
  outcome "Open Deal", Nurturing ("Bad Timing", Pricing)
property budget money
property renewal date
team "Inside Sales" "aya@acme.example", "ben@acme.example", manager "mika@acme.example"
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
list "By hand" by hand
template "intro" subject "Hello {name}" body "{company name}"
pipeline Sales Qualified 20%, Won 100%
score fading halving every 11 hours
  +5 each page viewed
list "Fading" when fading >= 4
list "Renewals" when renewal within the next 2 days or last contacted within the last 9 hours
sequence "Chase"
  stop when email clicked
  send email "intro"
  wait 5 hours
  if status is Open then notify owner "open" else set status Open end
  wait until email opened for at most 8 hours otherwise set job title "silent"
  finally set status Nurturing because "No reply"
always owner is set when lifecycle is SQL
never lifecycle MQL when lifecycle was Customer
moves of status
  New -> process
  process -> later process, outcome
)";

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  int Below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  template <std::size_t kSize>
  std::string_view OneOf(const std::string_view (&choices)[kSize]) {
    return choices[static_cast<std::size_t>(Below(kSize))];
  }

  std::string Script() {
    std::string script(kVocabulary);
    const int rules = 3 + Below(10);
    for (int i = 0; i < rules; ++i) script += Rule(i);
    return script;
  }

  Status Step(Simulation& simulation) {
    if (Below(3) == 0) {
      simulation.AdvanceTo(simulation.now() + Below(16) * kHour + Below(3));
      return {};
    }
    std::vector<NamedInput> properties;
    if (Below(2) == 0) properties.push_back({"status", Text(OneOf(kStatuses))});
    if (Below(3) == 0) properties.push_back({"lifecycle", Text(OneOf(kStages))});
    if (Below(4) == 0) properties.push_back({"owner", Text(OneOf(kUsers))});
    if (Below(4) == 0) properties.push_back({"company employees", static_cast<double>(Below(200))});
    if (Below(6) == 0) properties.push_back({"opted out", Below(2) == 0});
    if (Below(5) == 0) properties.push_back({"renewal", InputValue(Micros{simulation.now() + (Below(90) - 20) * kHour})});
    const NamedInput page{"page", OneOf(kPages)};
    const NamedInput starts{"starts at", InputValue(Micros{simulation.now() + Below(30) * kHour})};
    EventInput input;
    input.id = "e";
    input.contact = OneOf(kContacts);
    input.type = OneOf(kEvents);
    input.properties = properties;
    if (input.type == "page viewed") input.fields = {&page, 1};
    if (input.type == "meeting booked") input.fields = {&starts, 1};
    const Contact* contact = simulation.Find(input.contact);
    const Micros earliest = contact == nullptr ? simulation.now() : contact->created_at();
    input.occurred_at = Below(3) == 0 ? std::max(earliest, simulation.now() - Below(40) * kHour) : simulation.now();
    return simulation.Apply(input);
  }

 private:
  static constexpr std::string_view kStatuses[] = {"New", "Open", "Connected", "Bad Timing", "Pricing", "Nurturing", "Open Deal", ""};
  static constexpr std::string_view kStages[] = {"Lead", "MQL", "SQL", "Customer", ""};
  static constexpr std::string_view kUsers[] = {"aya@acme.example", "boss@acme.example", ""};
  static constexpr std::string_view kPages[] = {"/pricing/x", "/docs"};
  static constexpr std::string_view kContacts[] = {"ana", "ben", "eva"};
  static constexpr std::string_view kEvents[] = {"page viewed",    "email sent",       "email opened",    "email clicked",
                                                 "call no answer", "meeting ends",     "contact updated", "contact created",
                                                 "meeting booked", "meeting cancelled"};
  static constexpr std::string_view kTriggers[] = {"on SQL",
                                                   "on status Nurturing",
                                                   "on status New -> Open",
                                                   "on change of owner",
                                                   "on change of status",
                                                   "on page viewed \"/pricing*\"",
                                                   "on email sent",
                                                   "after meeting ends",
                                                   "on joining \"Warm\"",
                                                   "on leaving \"Warm\"",
                                                   "on joining \"Hot\"",
                                                   "on joining \"By hand\"",
                                                   "on leaving \"By hand\"",
                                                   "when attempts reaches 2",
                                                   "when target",
                                                   "when status is Open and visits >= 1",
                                                   "after 3 hours in status New",
                                                   "after 7 hours in status Nurturing",
                                                   "on contact created",
                                                   "when last contacted is set",
                                                   "after 9 hours without activity",
                                                   "3 hours after meeting ends",
                                                   "2 hours before meeting starts",
                                                   "20 hours before renewal",
                                                   "1 day before renewal at 09:30",
                                                   "6 hours after became MQL date",
                                                   "every day at 08:00 for each contact in \"Warm\"",
                                                   "every business day at 17:45 for each contact in \"By hand\"",
                                                   "on joining \"Renewals\"",
                                                   "on leaving \"Fading\""};
  static constexpr std::string_view kModifiers[] = {"",
                                                    "",
                                                    "",
                                                    "",
                                                    " every time",
                                                    " once per contact",
                                                    " at most once per 10 hours",
                                                    " until status is Connected",
                                                    " until email opened"};
  static constexpr std::string_view kGuards[] = {"",
                                                 "",
                                                 "",
                                                 " when lifecycle is SQL",
                                                 " when not (status is New)",
                                                 " when status before Connected",
                                                 " when owner is set",
                                                 " when email sent within 4 hours",
                                                 " when status was New",
                                                 " when score in 5..20"};
  static constexpr std::string_view kActions[] = {"set status New",
                                                  "set status Open",
                                                  "set status Pricing because \"{score} points\"",
                                                  "clear status",
                                                  "set lifecycle MQL",
                                                  "set lifecycle back to Lead",
                                                  "clear lifecycle",
                                                  "assign owner from \"Inside Sales\" by rotation",
                                                  "notify owner \"{name}: {status}\"",
                                                  "notify manager of owner \"{last contacted}\"",
                                                  "create task \"Call {name}\" for owner due in 4 business hours",
                                                  "create task \"Nobody's\"",
                                                  "add to list \"By hand\"",
                                                  "remove from list \"By hand\"",
                                                  "set job title \"{job title}x{status}\"",
                                                  "notify \"Inside Sales\" \"{became SQL date}\"",
                                                  "set budget 100",
                                                  "set budget budget * 3 + 1",
                                                  "set renewal renewal + 1 month",
                                                  "append \"{visits}\" to job title",
                                                  "start sequence \"Chase\"",
                                                  "leave \"Chase\"",
                                                  "send email \"intro\"",
                                                  "create deal \"{name}\" in pipeline Sales at Qualified amount budget",
                                                  "call webhook \"crm\" with name, score, status",
                                                  "wait 4 hours",
                                                  "wait 1 business day",
                                                  "wait until page viewed",
                                                  "wait until status is Open for at most 7 hours otherwise clear status",
                                                  "wait until renewal",
                                                  "wait until Friday at 12:00",
                                                  "if status is New then set status Open else notify owner \"{score}\" end",
                                                  "if score >= 8 then wait 2 hours set status Connected end",
                                                  "split 50% set status New 50% wait 1 hour clear status end"};

  static InputValue Text(std::string_view text) { return text; }

  std::string Rule(int number) {
    std::string rule = "rule \"" + std::to_string(number) + "\"\n  ";
    rule.append(OneOf(kTriggers)).append("\n ").append(OneOf(kGuards)).append(OneOf(kModifiers)).append("\n");
    for (int i = Below(3); i >= 0; --i) rule.append("  ").append(OneOf(kActions)).append("\n");
    return rule;
  }

  std::mt19937_64 random_;
};

std::string Problems(const CompileResult& compiled) {
  std::string problems;
  for (const Diagnostic& diagnostic : compiled.diagnostics) problems += CodeName(diagnostic.code) + " " + diagnostic.message + "\n";
  return problems;
}

}  // namespace

TEST_CASE("random scripts: the journal is enough, and derived values are never stale") {
  int played = 0;
  int failed = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    Generator generator(seed);
    const std::string script = generator.Script();
    INFO(script);
    std::vector<Source> sources;
    sources.emplace_back("random.stage", script);
    const CompileResult compiled = Compile(std::move(sources));
    INFO(Problems(compiled));
    if (compiled.program == nullptr) continue;  // a cascade that the compiler has proven endless, or the like
    ++played;
    Simulation simulation(compiled.program, kStart);
    for (int step = 0; step < 50; ++step) {
      failed += generator.Step(simulation).ok() ? 0 : 1;
      if (step % 10 == 0) REQUIRE(FindFlaw(simulation) == "");
    }
    REQUIRE(FindFlaw(simulation) == "");
  }
  CHECK(played > 100);
  CHECK(failed > 0);
}

}  // namespace stagecraft::runtime
