// What people do to rules and their runs: on, off, ended, started.
#include "dsl/support/text.h"
#include "tests/reference/derived.h"
#include "tests/reference/world.h"

namespace stagecraft::reference {

void Decision::StartByHand(const Happening& event) {
  if (!script_.IsEvent(event.event, "rule started")) return;
  const std::string wanted = FoldCase(FieldOf(event, "rule").text);
  for (std::size_t rule = 0; rule < script_.rules(); ++rule) {
    if (script_.rule(rule).kind == sema::Rule::Kind::kSequence && FoldCase(script_.RuleName(rule)) == wanted) Enrol(rule);
  }
}

void World::Switch(const std::string& rule, bool on) {
  std::set<std::string> off = script_->off();
  for (std::size_t number = 0; number < script_->rules(); ++number) {
    if (script_->RuleName(number) != rule || script_->rule(number).disabled) continue;
    const std::string key = script_->KeyOf(number);
    const bool another = on ? off.erase(key) != 0 : off.insert(key).second;
    if (another) outcomes_.push_back({now_, 0, {"`" + rule + (on ? "` is on" : "` is off")}});
  }
  script_->SetOff(std::move(off));
  for (const Contact& contact : contacts_) closings_[contact.number] = NextClosing(*script_, contact);
}

void World::StopRuns(const std::string& rule, const std::string& contact) {
  for (Contact& each : contacts_) {
    if (!contact.empty() && each.id != contact) continue;
    Outcome outcome{now_, each.number, {}};
    std::erase_if(each.runs, [&](const Run& run) {
      if (script_->RuleName(run.rule) != rule) return false;
      outcome.lines.push_back("run of `" + rule + "` ends (by hand)");
      return true;
    });
    outcomes_.push_back(std::move(outcome));
    closings_[each.number] = NextClosing(*script_, each);
  }
}

}  // namespace stagecraft::reference
