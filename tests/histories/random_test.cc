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
    const NamedInput page{"page", OneOf(kPages)};
    EventInput input;
    input.id = "e";
    input.contact = OneOf(kContacts);
    input.type = OneOf(kEvents);
    input.properties = properties;
    if (input.type == "page viewed") input.fields = {&page, 1};
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
  static constexpr std::string_view kEvents[] = {"page viewed",    "email sent",   "email opened",    "email clicked",
                                                 "call no answer", "meeting ends", "contact updated", "contact created"};
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
                                                   "when last contacted is set"};
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
                                                  "set budget 100"};

  static InputValue Text(std::string_view text) { return text; }

  std::string Rule(int number) {
    std::string rule = "rule \"" + std::to_string(number) + "\"\n  ";
    rule.append(OneOf(kTriggers)).append("\n ").append(OneOf(kGuards)).append("\n");
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
