#include <algorithm>
#include <map>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/walk.h"

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
  ForEach<Notify>(facts, [&](const Rule&, const Action& action, const Notify& notify) { visit(action, notify.recipient); });
  ForEach<CreateTask>(facts, [&](const Rule&, const Action& action, const CreateTask& task) {
    if (task.assignee.has_value()) visit(action, *task.assignee);
  });
}

}  // namespace

void TasksForNobody(const Facts& facts, Findings& findings) {
  ForEach<CreateTask>(facts, [&](const Rule&, const Action& action, const CreateTask& task) {
    if (task.assignee.has_value()) return;
    Diagnostic* found = findings.Report(Code::kTaskForNobody, action.span, "this task is for nobody", "nobody does it");
    if (found != nullptr) found->help.emplace_back("say who does it: `for owner`");
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
  std::map<std::string, Span> first;
  ForEachRecipient(facts, [&](const Action& action, const Recipient& recipient) {
    if (recipient.kind != Recipient::Kind::kUser) return;
    const auto [place, added] = first.emplace(recipient.user, action.span);
    if (added) return;
    Diagnostic* found = findings.Report(Code::kNamedPerson, action.span,
                                        Tick(recipient.user) + " stands in several rules: people change jobs", "a person by name");
    if (found == nullptr) return;
    found->help.emplace_back("declare a `team`, and name that");
    findings.Note(*found, place->second, "here first");
  });
}

void NoManagers(const Facts& facts, Findings& findings) {
  const std::vector<TeamSymbol>& teams = facts.vocabulary().teams();
  // Without any team the script has people elsewhere, and nobody knows them here.
  if (teams.empty()) return;
  if (std::any_of(teams.begin(), teams.end(), [](const TeamSymbol& team) { return !team.manager.empty(); })) return;
  ForEachRecipient(facts, [&](const Action& action, const Recipient& recipient) {
    if (recipient.kind != Recipient::Kind::kManagerOfProperty) return;
    Diagnostic* found = findings.Report(Code::kNoManager, action.span, "no team has a manager: nobody hears of this", "nobody there");
    if (found != nullptr) found->help.emplace_back("name one where the team is declared: `manager \"…\"`");
  });
}

}  // namespace stagecraft::sema::lint
