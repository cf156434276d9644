// `check --fix` on every script there is: of the cases here, of the pages of the codes, of the examples. It comes to an end, it makes no
// error, and a script that runs does afterwards what it did before.
//
// "Does what it did": the same random events are played to both programs, and after each of them every contact has the same properties, and
// the same scores, counters and lists as far as both have them; and the same tasks, messages, deals and deliveries were made.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "dsl/mend.h"
#include "dsl/support/pages.h"
#include "runtime/exec/format.h"
#include "tests/language/cases.h"
#include "tests/support/simulation.h"

namespace stagecraft::tests {

namespace {

using namespace runtime;  // NOLINT(google-build-using-namespace): a player is made of its types

const std::filesystem::path kSourceFolder = STAGECRAFT_SOURCE_FOLDER;
constexpr Micros kStart = 1'790'845'200'000'000;
constexpr Micros kHour = 3'600'000'000;
constexpr int kStepsMax = 40;

CompileResult CompileText(const std::string& script) { return Compile({Source("script.stage", script)}); }

// As `check --fix` does it.
std::string FixAll(const std::string& script) {
  const Mended mended =
      MendScripts({Source("script.stage", script)}, [](std::vector<Source> sources) { return Compile(std::move(sources)); });
  return std::string(mended.result.sources.front().text());
}

std::multiset<std::string> ErrorsOf(const CompileResult& result) {
  std::multiset<std::string> errors;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity == Severity::kError) errors.insert(CodeName(diagnostic.code));
  }
  return errors;
}

// Random events of a program's vocabulary. Values are near those that scripts speak of.
class Events {
 public:
  Events(const ir::Program& program, std::uint64_t seed) : program_(program), random_(seed) {
    for (const ir::Event& event : program.events) {
      if (event.declared) events_.push_back(&event);
    }
    for (const ir::Property& property : program.properties) {
      if (property.declared && !property.hidden) properties_.push_back(&property);
    }
  }

  // Makes the same thing happen in both.
  void Step(Simulation& one, Simulation& other) {
    if (Below(3) == 0) {
      const Micros to = one.now() + (1 + Below(90)) * kHour;
      one.AdvanceTo(to);
      other.AdvanceTo(to);
      return;
    }
    const ir::Event& event = *events_[static_cast<std::size_t>(Below(static_cast<int>(events_.size())))];
    std::vector<std::pair<std::string, std::string>> fields;
    for (const ir::Field& field : event.fields) {
      if (field.declared && Below(3) > 0) fields.emplace_back(field.name, Value(field.type, field.options, one.now()));
    }
    std::vector<std::pair<std::string, std::string>> values;
    for (int i = Below(3); i > 0; --i) {
      const ir::Property& property = *properties_[static_cast<std::size_t>(Below(static_cast<int>(properties_.size())))];
      if (std::none_of(values.begin(), values.end(), [&](const auto& value) { return value.first == property.name; }))
        values.emplace_back(property.name, Below(8) == 0 ? "" : Value(property.type, property.options, one.now()));
    }
    EventInput input;
    const std::string id = "event " + std::to_string(++count_);
    input.id = id;
    input.contact = Below(2) == 0 ? "ana" : "ben";
    input.type = event.name;
    input.occurred_at = one.now();
    const std::vector<NamedInput> named_fields = Named(fields);
    const std::vector<NamedInput> named_values = Named(values);
    input.fields = named_fields;
    input.properties = named_values;
    CHECK(one.Apply(input).ok() == other.Apply(input).ok());
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  static std::vector<NamedInput> Named(const std::vector<std::pair<std::string, std::string>>& values) {
    std::vector<NamedInput> named;
    for (const auto& [name, value] : values) {
      named.push_back({name, value.empty() ? InputValue() : InputValue(std::string_view(value))});
    }
    return named;
  }

  std::string Value(ir::Type type, const std::vector<ir::Option>& options, Micros now) {
    static constexpr int kNumbers[] = {0, 1, 2, 5, 10, 20, 35, 64, 65, 99, 100, 1000};
    static constexpr const char* kTexts[] = {"/pricing", "Demo", "Head of Sales", "ana@acme.example", "x"};
    switch (type) {
      case ir::Type::kOption: {
        std::vector<std::string> labels;
        for (const ir::Option& option : options) {
          if (option.declared) labels.push_back(option.label);
        }
        return labels.empty() ? std::string() : labels[static_cast<std::size_t>(Below(static_cast<int>(labels.size())))];
      }
      case ir::Type::kTruth:
        return Below(2) == 0 ? "yes" : "no";
      case ir::Type::kNumber:
      case ir::Type::kMoney:
        return std::to_string(kNumbers[Below(12)]);
      case ir::Type::kDate:
        return FormatValue(program_, ir::Type::kDate, 0, {true, now / (24 * kHour) + Below(60) - 20, {}});
      case ir::Type::kTime:
        return FormatValue(program_, ir::Type::kTime, 0, {true, now + (Below(90) - 20) * kHour, {}});
      case ir::Type::kUser:
        return Below(2) == 0 ? "aya@acme.example" : "ben@acme.example";
      case ir::Type::kText:
        break;
    }
    return kTexts[Below(5)];
  }

  const ir::Program& program_;
  std::mt19937_64 random_;
  std::vector<const ir::Event*> events_;
  std::vector<const ir::Property*> properties_;
  int count_ = 0;
};

// What the contacts are like, by the names that `names` has, too.
std::string StateOf(const Simulation& simulation, const ir::Program& names) {
  const ir::Program& program = simulation.program();
  std::ostringstream out;
  for (const Contact& contact : simulation.contacts()) {
    std::set<std::string> lines;
    for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
      const ir::Property& property = program.properties[slot];
      if (!property.declared || !contact.IsSet(slot)) continue;
      lines.insert(property.name + " = " + FormatValue(program, property.type, slot, contact.Get(slot)));
    }
    for (const auto& [name, node] : program.node_names) {
      if (names.node_names.count(name) > 0) lines.insert(name + ": " + std::to_string(contact.derived[node]));
    }
    for (const std::string& line : lines) out << line << "\n";
    out << "--\n";
  }
  return out.str();
}

// What the records sent into the world.
std::vector<std::string> Sent(const Simulation& simulation) {
  std::vector<std::string> sent;
  for (const Record& record : simulation.records()) {
    for (std::string& line : DescribeEffects(simulation.program(), record)) {
      for (const char* kind : {"task ", "notified ", "deal ", "e-mail ", "webhook "}) {
        if (line.starts_with(kind)) {
          sent.push_back(std::move(line));
          break;
        }
      }
    }
  }
  return sent;
}

void CheckSame(const std::shared_ptr<const ir::Program>& before, const std::shared_ptr<const ir::Program>& after) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    INFO("seed " << seed);
    Simulation one(before, kStart);
    Simulation other(after, kStart);
    Events events(*before, seed);
    for (int step = 0; step < kStepsMax; ++step) {
      INFO("step " << step);
      events.Step(one, other);
      const std::string expected = StateOf(one, *after);
      const std::string found = StateOf(other, *before);
      CHECK(found == expected);
      if (found != expected) return;
    }
    CHECK(Sent(one) == Sent(other));
  }
}

// How many scripts were changed, and still run.
struct Counts {
  int changed = 0;
  int played = 0;
};

void CheckFixed(const std::string& script, Counts& counts) {
  const CompileResult before = CompileText(script);
  const std::string fixed = FixAll(script);
  // What two fixes would do and undo again and again is no mending.
  CHECK(FixAll(fixed) == fixed);
  if (fixed == script) return;
  ++counts.changed;
  INFO(script);
  INFO("fixed:\n" << fixed);
  const CompileResult after = CompileText(fixed);
  if (before.program == nullptr) {
    // A mistake that is mended may show the next one behind it, so only their number tells.
    CHECK(ErrorsOf(after).size() <= ErrorsOf(before).size());
    return;
  }
  REQUIRE(ErrorsOf(after).empty());
  ++counts.played;
  CheckSame(before.program, after.program);
}

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The files of one example speak of each other's names: only together they are a script. In the order in which they are compiled.
std::vector<Source> ScriptsIn(const std::filesystem::path& folder) {
  std::vector<Source> scripts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".stage") scripts.emplace_back(entry.path().filename().string(), ReadText(entry.path()));
  }
  std::sort(scripts.begin(), scripts.end(), [](const Source& a, const Source& b) { return a.name() < b.name(); });
  return scripts;
}

}  // namespace

TEST_CASE("safe fixes change no meaning: the scripts of these cases") {
  Counts counts;
  ForEachCase([&](const LanguageCase& one) { CheckFixed(one.script, counts); });
  CHECK(counts.changed > 300);
  CHECK(counts.played > 125);
}

TEST_CASE("safe fixes change no meaning: the pages of the codes") {
  Counts counts;
  for (const Code code : AllCodes()) {
    const auto markdown = PageOf(code);
    if (!markdown) continue;
    const Page page = ReadPage(*markdown);
    INFO(page.heading);
    CheckFixed(page.wrong.script, counts);
    CheckFixed(page.right.script, counts);
  }
  CHECK(counts.changed > 20);
  CHECK(counts.played > 12);
}

TEST_CASE("safe fixes leave the examples as they are") {
  int examples = 0;
  for (const auto& folder : std::filesystem::directory_iterator(kSourceFolder / "examples")) {
    if (folder.path().filename() == "clients") continue;  // programs that call a server
    INFO(folder.path().string());
    const std::vector<Source> scripts = ScriptsIn(folder.path());
    REQUIRE_FALSE(scripts.empty());
    const Mended mended = MendScripts(scripts, [](std::vector<Source> sources) { return Compile(std::move(sources)); });
    REQUIRE(mended.result.program != nullptr);
    for (std::size_t i = 0; i < scripts.size(); ++i) {
      INFO(scripts[i].name());
      CHECK(mended.result.sources.at(i).text() == scripts[i].text());
    }
    ++examples;
  }
  REQUIRE(examples > 0);
}

}  // namespace stagecraft::tests
