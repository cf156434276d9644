// The kind history: a script, and what it does as time goes by.
#include <stdexcept>

#include "dsl/compile.h"
#include "tests/language/cases.h"
#include "tests/language/steps.h"
#include "tests/support/simulation.h"

namespace stagecraft::tests {
namespace {

using namespace runtime;  // NOLINT(google-build-using-namespace): a player is made of its types

class Player {
 public:
  explicit Player(std::shared_ptr<const ir::Program> program) : simulation_(std::move(program), kHistoryStart) {}

  std::string Flaw() const { return FindFlaw(simulation_); }

  std::vector<std::string> Play(std::string_view step) {
    const std::size_t before = simulation_.records().size();
    std::vector<std::string> lines;
    if (step.starts_with("wait until ")) {
      simulation_.AdvanceTo(ReadTime(simulation_.program(), step.substr(11)));
    } else if (step.starts_with("wait ")) {
      simulation_.AdvanceTo(simulation_.now() + ReadDuration(step.substr(5)));
    } else if (step.starts_with("show ")) {
      return {Show(step.substr(5))};
    } else if (const Status status = Apply(step); !status.ok()) {
      return {"! " + status.reason + ": " + status.message};
    }
    const std::vector<Record>& records = simulation_.records();
    for (std::size_t i = before; i < records.size(); ++i) {
      if (records[i].kind == RecordKind::kTimer && !records[i].effects.empty())
        lines.push_back("at " + ShowTime(simulation_.program(), records[i].occurred_at) + ":");
      if (records[i].kind == RecordKind::kCompany) lines.push_back(simulation_.contacts()[records[i].contact].id() + ":");
      for (std::string& line : DescribeEffects(simulation_.program(), records[i])) lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  Status Apply(std::string_view step) {
    const EventStep event = ReadEvent(simulation_.program(), simulation_.now(), step);
    const std::string id = event.id.empty() ? "event " + std::to_string(++events_) : std::string(event.id);
    EventInput input;
    input.id = id;
    input.contact = event.contact;
    input.type = event.type;
    input.occurred_at = event.occurred_at;
    input.fields = event.fields;
    input.properties = event.properties;
    return simulation_.Apply(input);
  }

  std::string Show(std::string_view text) const {
    const std::size_t space = text.find(' ');
    return ShowContact(simulation_.program(), simulation_.Find(text.substr(0, space)), text.substr(space));
  }

  Simulation simulation_;
  int events_ = 0;
};

// The steps with what each really does. A script with errors gives these instead. Throws std::logic_error when the state after a step is
// not what the journal says (FindFlaw).
std::string Replay(const std::string& script, const std::string& steps) {
  std::vector<Source> sources;
  sources.emplace_back("script.stage", script);
  const CompileResult compiled = Compile(std::move(sources));
  if (compiled.program == nullptr) return Describe(compiled.diagnostics, compiled.sources);
  Player player(compiled.program);
  return PlaySteps(steps, [&](std::string_view step) {
    std::vector<std::string> lines = player.Play(step);
    if (const std::string flaw = player.Flaw(); !flaw.empty()) throw std::logic_error("after `" + std::string(step) + "`: " + flaw);
    return lines;
  });
}

}  // namespace

void AddHistoryKind(Kinds& kinds) {
  kinds["history"] = [](const LanguageCase& one) { return Replay(one.script, one.expected); };
}

}  // namespace stagecraft::tests
