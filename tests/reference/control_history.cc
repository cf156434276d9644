#include "tests/reference/control_history.h"

#include <string>
#include <string_view>

namespace stagecraft::reference {
namespace {

using runtime::RandomControl;
using runtime::RandomHistory;
using runtime::RandomStep;

constexpr int kSteps = 30;

constexpr std::string_view kHands[] = {
    "rule \"Hand\"\n  by hand\n  notify owner \"{status}\"\n  set status Open\n  wait until email opened for at most 5 hours\n  clear "
    "owner\n",
    "rule \"Hand\"\n  by hand\n  once per contact\n  start sequence \"Chase\"\n  wait 3 hours\n  set status New\n",
    "rule \"Hand\"\n  by hand\n  when status is set\n  until status is Connected\n  wait 2 hours\n  add 1 to budget\n  leave \"Chase\"\n"};
constexpr std::string_view kOther =
    "rule \"by Hand\"\n  by hand\n  every time\n  start sequence \"Chase\"\n  wait until renewal\n  add 1 to budget\n";
constexpr std::string_view kStarted[] = {"Hand", "HAND", "by hand", "Chase", "cHASE", "0", "nothing of that name"};

RandomStep Step(RandomHistory& random, const runtime::RandomScript& script, bool restarts) {
  RandomStep step;
  if (random.Below(4) == 0) {
    constexpr RandomControl::What kWhat[] = {RandomControl::What::kOn, RandomControl::What::kOn, RandomControl::What::kOff,
                                             RandomControl::What::kOff, RandomControl::What::kStop};
    constexpr std::string_view kContacts[] = {"ana", "ben", "", ""};
    const std::string& rule = script.rules[static_cast<std::size_t>(random.Below(static_cast<int>(script.rules.size())))];
    const std::size_t name = rule.find('"') + 1;
    step.controls = {kWhat[random.Below(5)], rule.substr(name, rule.find('"', name) - name), random.OneOf(kContacts)};
    if (random.Below(5) == 0) step.controls->rule = "Chase";
    return step;
  }
  step = random.EngineStep(restarts);
  if (!step.event.has_value() || random.Below(4) != 0) return step;
  step.event->type = "rule started";
  step.event->fields = {{"rule", random.OneOf(kStarted)}};
  return step;
}

}  // namespace

History ControlHistory(std::uint64_t seed) {
  RandomHistory random(seed, runtime::Slice::kAll);
  History history;
  history.script = random.Script();
  if (history.script.rules.size() > 7) history.script.rules.resize(7);
  history.script.rules.push_back(random.OneOf(kHands));
  if (random.Below(2) == 0) history.script.rules.emplace_back(kOther);
  history.script.two_files = false;
  history.start = StartOf(seed);
  for (int i = 0; i < kSteps; ++i) history.steps.push_back(Step(random, history.script, seed % 5 == 0));
  return history;
}

}  // namespace stagecraft::reference
