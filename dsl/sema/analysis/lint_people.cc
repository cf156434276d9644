#include <algorithm>
#include <map>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/walk.h"
#include "dsl/support/text.h"

namespace stagecraft::sema::lint {

namespace {

template <typename Node, typename Visit>
void ForEach(const Facts& facts, Visit visit) {
  for (const Rule& rule : facts.script().rules) {
    if (rule.disabled) continue;
    ForEachAction(rule, [&](const Action& action) {
      if (const auto* node = std::get_if<Node>(&action.node)) visit(rule, action, *node);
    });
  }
}

template <typename Visit>
void ForEachRecipient(const Facts& facts, Visit visit) {
  ForEach<Notify>(facts, [&](const Rule& rule, const Action& action, const Notify& notify) { visit(rule, action, notify.recipient); });
  ForEach<CreateTask>(facts, [&](const Rule& rule, const Action& action, const CreateTask& task) {
    if (task.assignee.has_value()) visit(rule, action, *task.assignee);
  });
}

}  // namespace

void TasksForNobody(const Facts& facts, Findings& findings) {
  ForEach<CreateTask>(facts, [&](const Rule&, const Action& action, const CreateTask& task) {
    if (task.assignee.has_value()) return;
    Diagnostic* found = findings.Report(Code::kTaskForNobody, action.span, "this task is for nobody", "nobody does it");
    if (found == nullptr) return;
    found->help.emplace_back("say who does it: `for owner`");
    const std::vector<syntax::Token> words = findings.mender().TokensIn(action.span);
    const auto title =
        std::find_if(words.begin(), words.end(), [](const syntax::Token& token) { return token.kind == syntax::Token::Kind::kText; });
    if (title == words.end()) return;
    const auto behind = static_cast<std::uint32_t>(title->end);
    found->fixes.push_back(findings.mender().Of({{{action.span.source, behind, behind}, " for owner"}}, "give it to the owner"));
    found->fixes.back().safe = false;
  });
}

void RotationsOfOne(const Facts& facts, Findings& findings) {
  ForEach<AssignRotation>(facts, [&](const Rule&, const Action& action, const AssignRotation& rotation) {
    const TeamSymbol& team = facts.vocabulary().teams()[rotation.team];
    if (team.members.size() > 1) return;
    Diagnostic* found = findings.Report(
        Code::kRotationOfOne, action.span,
        "the team " + Tick("\"" + team.name + "\"") +
            (team.members.empty() ? " has no members: nobody gets it" : " has one member: everything goes to the same person"),
        "no turns to take");
    if (found != nullptr && IsWritten(team.span)) findings.Note(*found, team.span, "the team");
  });
}

// A person in one rule may be meant; one in several is a team that has no name yet.
void NamedPeople(const Facts& facts, Findings& findings) {
  struct Place {
    const Rule* rule = nullptr;
    Span span;
  };
  std::map<std::string, Place> first;
  ForEachRecipient(facts, [&](const Rule& rule, const Action& action, const Recipient& recipient) {
    if (recipient.kind != Recipient::Kind::kUser) return;
    const auto [place, added] = first.emplace(recipient.user, Place{&rule, action.span});
    if (added || place->second.rule == &rule) return;
    Diagnostic* found = findings.Report(Code::kNamedPerson, action.span,
                                        Tick(recipient.user) + " stands in several rules: people change jobs", "a person by name");
    if (found == nullptr) return;
    found->help.emplace_back("declare a `team`, and name that");
    findings.Note(*found, place->second.span, "here first");
  });
}

void TwoManagers(const Facts& facts, Findings& findings) {
  bool asked = false;
  ForEachRecipient(facts, [&](const Rule&, const Action&, const Recipient& recipient) {
    asked = asked || recipient.kind == Recipient::Kind::kManagerOfProperty;
  });
  if (!asked) return;
  std::map<std::string, const TeamSymbol*> team_of;
  for (const TeamSymbol& team : facts.vocabulary().teams()) {
    if (team.manager.empty()) continue;
    for (const std::string& member : team.members) {
      const TeamSymbol& first = *team_of.emplace(FoldCase(member), &team).first->second;
      if (FoldCase(first.manager) == FoldCase(team.manager) || !IsWritten(team.span)) continue;
      Diagnostic* found = findings.Report(
          Code::kTwoManagers, team.span,
          Tick(member) + " is in two teams: `manager of` means " + Tick(first.manager) + ", never " + Tick(team.manager), "never asked");
      if (found != nullptr) findings.Note(*found, first.span, "the first team counts");
    }
  }
}

void NoManagers(const Facts& facts, Findings& findings) {
  const std::vector<TeamSymbol>& teams = facts.vocabulary().teams();
  // Without any team the script has people elsewhere, and nobody knows them here.
  if (teams.empty()) return;
  if (std::any_of(teams.begin(), teams.end(), [](const TeamSymbol& team) { return !team.manager.empty(); })) return;
  ForEachRecipient(facts, [&](const Rule&, const Action& action, const Recipient& recipient) {
    if (recipient.kind != Recipient::Kind::kManagerOfProperty) return;
    Diagnostic* found = findings.Report(Code::kNoManager, action.span, "no team has a manager: nobody hears of this", "nobody there");
    if (found != nullptr) found->help.emplace_back("name one where the team is declared: `manager \"…\"`");
  });
}

}  // namespace stagecraft::sema::lint
