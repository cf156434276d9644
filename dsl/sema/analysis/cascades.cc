#include "dsl/sema/analysis/cascades.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/sema/analysis/cascade_depth.h"
#include "dsl/sema/analysis/cascade_graph.h"
#include "dsl/sema/analysis/cascade_run.h"
#include "dsl/sema/analysis/cascade_states.h"

namespace stagecraft::sema {

namespace {

constexpr std::size_t kShownMax = 8;

class Cascades {
 public:
  Cascades(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings), graph_(BuildCascadeGraph(facts)) {}

  void Run() {
    PartRounds rounds(graph_.groups.size());
    for (std::size_t i = 0; i < graph_.groups.size(); ++i) {
      for (const CascadePart& part : graph_.groups[i].parts) rounds[i].push_back(part.circle ? CheckCircle(part) : 1);
    }
    if (DepthBound(graph_, rounds) <= kCascadeRoundsMax) return;
    const Chain chain = LongestChain(facts_, graph_, rounds);
    if (!chain.complete) findings_.GiveUp("cascades");
    if (chain.rounds > kCascadeRoundsMax) ReportTooLong(chain);
  }

 private:
  // The rounds that it can last; 0 where that is an error already, or nobody can tell.
  int CheckCircle(const CascadePart& part) {
    const CircleStates states = ExploreCircle(facts_, graph_, part);
    if (states.outcome == CircleStates::Outcome::kEnds) {
      if (!IsThroughCompany(part)) return states.rounds;
      if (const std::optional<int> rounds = RoundsUpwards(part); rounds.has_value()) return *rounds;
    }
    if (states.outcome == CircleStates::Outcome::kCircle) {
      if (const std::optional<EndlessStart> start = FindEndlessStart(facts_, graph_, states); start.has_value()) {
        ReportEndless(states, *start);
        return 0;
      }
    }
    ReportUnknown(part, states);
    return 0;
  }

  // Does any rule of the circle answer to what a rule of it sets?
  bool IsAnswered(const CascadePart& part, const Write& write) const {
    return std::any_of(part.rules.begin(), part.rules.end(), [&](std::uint32_t rule) {
      const Reads& reads = facts_.rules()[rule].trigger;
      return IsAmong(reads.properties, write.property) || IsAmong(reads.since, write.property);
    });
  }

  // The states of one contact do not show a circle that leads over the other contacts of its company.
  bool IsThroughCompany(const CascadePart& part) const {
    return std::any_of(part.rules.begin(), part.rules.end(), [&](std::uint32_t rule) {
      return std::any_of(graph_.writes[rule].begin(), graph_.writes[rule].end(), [&](const Write* write) {
        return facts_.vocabulary().property(write->property).IsOfCompany() && IsAnswered(part, *write);
      });
    });
  }

  // The rounds of a circle that only ever moves stages forward, whoever's they are. Nothing where it does anything else.
  std::optional<int> RoundsUpwards(const CascadePart& part) const {
    std::vector<Symbol> moved;
    for (const std::uint32_t rule : part.rules) {
      for (const Write* write : graph_.writes[rule]) {
        if (!IsAnswered(part, *write)) continue;
        const PropertySymbol& property = facts_.vocabulary().property(write->property);
        const bool known = write->kind == Write::Kind::kConstant && write->set != nullptr && !write->set->back_to;
        const std::vector<OptionSymbol>& options = property.options.options;
        const auto goes_forward = [](const OptionSymbol& option) { return option.forward_only && option.parent < 0; };
        if (!known || options.empty() || !std::all_of(options.begin(), options.end(), goes_forward)) return std::nullopt;
        moved.push_back(write->property);
      }
    }
    std::sort(moved.begin(), moved.end());
    moved.erase(std::unique(moved.begin(), moved.end()), moved.end());
    std::size_t rounds = 1;
    for (const Symbol property : moved) rounds += facts_.vocabulary().property(property).options.options.size();
    if (rounds > static_cast<std::size_t>(kCascadeRoundsMax)) return std::nullopt;
    return static_cast<int>(rounds);
  }

  const Rule& RuleAt(std::uint32_t index) const { return *facts_.rules()[index].rule; }

  std::string StateText(const CircleStates& states, const HeldState& from, const HeldState& to) const {
    std::string text;
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (from[i] == to[i]) continue;
      if (!text.empty()) text += " and ";
      const Symbol property = states.properties[i];
      const PropertySymbol& symbol = facts_.vocabulary().property(property);
      if (symbol.hidden) {
        text += to[i].has_value() && *to[i] != 0 ? "in the list" : "not in the list";
      } else {
        text += to[i].has_value() ? Tick(symbol.name + " " + findings_.ValueOf(property, *to[i])) : Tick(symbol.name) + " not set";
      }
    }
    return text;
  }

  void NoteRules(const std::vector<std::uint32_t>& rules, std::size_t from, Diagnostic& diagnostic) const {
    for (std::size_t i = from; i < rules.size() && i < kShownMax; ++i) {
      findings_.Note(diagnostic, Findings::PlaceOf(RuleAt(rules[i])), findings_.NameOf(RuleAt(rules[i])) + " is one of them");
    }
  }

  // By name, from the one that stands first in the script.
  std::string ChainText(std::vector<std::uint32_t> rules) const {
    std::rotate(rules.begin(), std::min_element(rules.begin(), rules.end()), rules.end());
    return InOrder(rules);
  }

  std::string InOrder(const std::vector<std::uint32_t>& rules) const {
    std::string chain;
    for (std::size_t i = 0; i < rules.size() && i < kShownMax; ++i) chain += (i == 0 ? "" : ", then ") + findings_.NameOf(RuleAt(rules[i]));
    return rules.size() > kShownMax ? chain + ", …" : chain;
  }

  void ReportEndless(const CircleStates& states, const EndlessStart& start) {
    const std::size_t count = states.circle.size();
    std::vector<std::uint32_t> rules;
    std::string history;
    for (std::size_t i = 0; i < count; ++i) {
      const CircleStep& step = states.circle[(start.step + i) % count];
      const std::uint32_t rule = step.rules.front();
      if (std::count(rules.begin(), rules.end(), rule) == 0) rules.push_back(rule);
      if (i < kShownMax) history += ", then " + StateText(states, step.now, states.circle[(start.step + i + 1) % count].now);
    }
    const std::uint32_t first = *std::min_element(rules.begin(), rules.end());
    const CircleStep& entry = states.circle[start.step];
    Diagnostic* found =
        findings_.Report(Code::kEndlessCascade, Findings::PlaceOf(RuleAt(first)),
                         rules.size() == 1 ? findings_.NameOf(RuleAt(first)) + " sets itself off without end"
                                           : "these rules set each other off without end: " + ChainText(rules) + ", and again",
                         "never ends");
    if (found == nullptr) return;
    const std::string by = start.rule != nullptr ? " (" + findings_.NameOf(*start.rule) + ")" : "";
    found->help.push_back("it shows on " + findings_.ContactOf(start.contact) + ": " + StateText(states, entry.before, entry.now) + by +
                          history + ", and so on");
    found->help.emplace_back("give one of them a `when` that no longer holds the second time");
    rules.erase(std::remove(rules.begin(), rules.end(), first), rules.end());
    NoteRules(rules, 0, *found);
  }

  // A chain that ends, but not before the engine stops it.
  void ReportTooLong(const Chain& chain) {
    const Rule& first = RuleAt(chain.rules.front());
    const bool sure = RunsTooLong(facts_, graph_, chain.rules);
    Diagnostic* found = findings_.Report(sure ? Code::kCascadeTooLong : Code::kCascadeMayBeTooLong, Findings::PlaceOf(first),
                                         std::string(sure ? "this cascade takes" : "this cascade can take") + " more than " +
                                             std::to_string(kCascadeRoundsMax) + " rounds, and its event fails: " + InOrder(chain.rules),
                                         "too long");
    if (found == nullptr) return;
    found->help.emplace_back("let one rule do at once what a chain of them does step by step");
  }

  void ReportUnknown(const CascadePart& part, const CircleStates& states) {
    std::vector<std::uint32_t> rules = part.rules;
    if (!states.circle.empty()) {
      rules.clear();
      for (const CircleStep& step : states.circle) {
        for (const std::uint32_t rule : step.rules) {
          if (std::count(rules.begin(), rules.end(), rule) == 0) rules.push_back(rule);
        }
      }
      std::sort(rules.begin(), rules.end());
    }
    Diagnostic* found = findings_.Report(
        Code::kCascadeUnknown, Findings::PlaceOf(RuleAt(rules.front())),
        rules.size() == 1
            ? findings_.NameOf(RuleAt(rules.front())) + " can set itself off: whether that ends cannot be told"
            : findings_.NameOf(RuleAt(rules.front())) + " and " + std::to_string(rules.size() - 1) +
                  (rules.size() == 2 ? " other can" : " others can") + " set each other off: whether that ends cannot be told",
        "cannot tell");
    if (found == nullptr) return;
    if (states.outcome == CircleStates::Outcome::kEnds) {
      found->help.emplace_back("on one contact it ends; over the other contacts of its company it may come back");
      found->help.emplace_back("it is stopped after going round the company 64 times; stages that only move forward make it sure");
    } else {
      found->help.emplace_back("it is stopped after 64 rounds, and the event fails; a `when` that holds only once makes it sure");
    }
    NoteRules(rules, 1, *found);
  }

  const Facts& facts_;
  Findings& findings_;
  CascadeGraph graph_;
};

}  // namespace

void CheckCascades(const Facts& facts, Findings& findings) { Cascades(facts, findings).Run(); }

}  // namespace stagecraft::sema
