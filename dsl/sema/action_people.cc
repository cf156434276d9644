// Actions that are about people: owners, notices, tasks, lists.
#include <algorithm>
#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/values.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

using Node = ActionChecker::Node;
using syntax::Term;

std::optional<Symbol> ActionChecker::UserProperty(Terms terms) {
  const std::optional<Symbol> property = names_.ResolveProperty(terms);
  if (!property.has_value()) return std::nullopt;
  const PropertySymbol& symbol = names_.vocabulary().property(*property);
  if (symbol.type == Type::kUser) return property;
  names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms),
                           Tick(symbol.name) + " is " + std::string(TypeWithArticle(symbol.type)) + ", not a user",
                           "expected a user, such as `owner`");
  return std::nullopt;
}

std::optional<Recipient> ActionChecker::CheckRecipient(const syntax::Recipient& recipient) {
  const Terms terms = TermsOf(recipient.who);
  if (terms.size() == 1 && terms.front().kind == Term::Kind::kText) return CheckQuotedRecipient(terms.front(), recipient.manager_of);
  const std::optional<Symbol> property = UserProperty(terms);
  if (!property.has_value()) return std::nullopt;
  Recipient result;
  result.kind = recipient.manager_of ? Recipient::Kind::kManagerOfProperty : Recipient::Kind::kProperty;
  result.symbol = *property;
  return result;
}

// A team, or a user's e-mail address.
std::optional<Recipient> ActionChecker::CheckQuotedRecipient(const Term& term, bool manager_of) {
  Recipient result;
  if (!manager_of && term.text.find('@') != std::string::npos && !names_.vocabulary().FindTeam(FoldCase(term.text)).has_value()) {
    result.kind = Recipient::Kind::kUser;
    result.user = term.text;
    return result;
  }
  const std::optional<Symbol> team = names_.ResolveTeam(term);
  if (!team.has_value()) return std::nullopt;
  if (!manager_of) {
    result.kind = Recipient::Kind::kTeam;
    result.symbol = *team;
    return result;
  }
  result.kind = Recipient::Kind::kUser;
  result.user = names_.vocabulary().teams()[*team].manager;
  if (!result.user.empty()) return result;
  names_.reporter()
      .Report(Code::kUnknownName, term.span, "the team \"" + term.text + "\" has no manager", "no manager")
      .help.push_back("add one to the team: `manager \"mika@acme.example\"`");
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::AssignAction& node) {
  const std::optional<Symbol> property = UserProperty(TermsOf(node.property));
  if (node.to.has_value()) {
    if (!property.has_value()) return std::nullopt;
    std::optional<Value> value = ValueChecker(context_, scope_).Check(names_.vocabulary().property(*property), TermsOf(*node.to));
    if (!value.has_value()) return std::nullopt;
    SetValue set;
    set.property = *property;
    set.value = std::move(*value);
    set.value_span = node.to->span;
    return set;
  }
  if (!node.team.has_value()) {
    names_.reporter()
        .Report(Code::kMissingValue, node.property.span, "`assign` wants a person or a team", "assigned to whom?")
        .help.emplace_back("such as `assign owner from \"Inside Sales\" by rotation`");
    return std::nullopt;
  }
  const std::optional<Symbol> team = names_.ResolveTeam(*node.team);
  const std::optional<bool> by_load = ReadMethod(node.method);
  const std::optional<bool> keeping = ReadKeeping(node.keeping);
  if (!property.has_value() || !team.has_value() || !by_load.has_value() || !keeping.has_value()) return std::nullopt;
  return AssignRotation{*property, *team, *by_load, *keeping};
}

std::optional<bool> ActionChecker::ReadMethod(const std::optional<syntax::Phrase>& phrase) {
  static const std::vector<std::string_view> kMethods = {"rotation", "load"};
  if (!phrase.has_value()) return false;
  const auto method = std::find(kMethods.begin(), kMethods.end(), Folded(TermsOf(*phrase)));
  if (method != kMethods.end()) return method != kMethods.begin();
  const std::string written = Written(TermsOf(*phrase));
  Diagnostic& found =
      names_.reporter().Report(Code::kNotPartOfLanguage, phrase->span, "assigning by " + Tick(written) + " is not part of the language yet",
                               "expected `rotation` or `load`");
  if (const auto meant = Suggest(written, kMethods)) {
    found.message = "nothing is assigned by " + Tick(written);
    found.help.push_back("did you mean " + Tick(meant->name) + "?");
    found.fixes = {Replace(phrase->span, meant->name)};
  }
  return std::nullopt;
}

std::optional<bool> ActionChecker::ReadKeeping(const std::optional<syntax::Phrase>& phrase) {
  constexpr std::string_view kAccountOwner = "account owner";
  if (!phrase.has_value()) return false;
  const std::string kept = Folded(TermsOf(*phrase));
  if (kept == kAccountOwner || kept == "the account owner") return true;
  Diagnostic& found =
      names_.reporter().Report(Code::kNotPartOfLanguage, phrase->span,
                               "keeping " + Tick(Written(TermsOf(*phrase))) + " is not part of the language", "expected `account owner`");
  found.fixes = {Replace(phrase->span, std::string(kAccountOwner))};
  found.fixes.front().safe = false;
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::NotifyAction& node) {
  bool ok = true;
  Notify notify;
  const std::optional<Recipient> recipient = CheckRecipient(node.recipient);
  notify.text = OptionalText(node.text, ok);
  if (!recipient.has_value() || !ok) return std::nullopt;
  notify.recipient = *recipient;
  return notify;
}

std::optional<Priority> ActionChecker::ReadPriority(const Term& term) {
  static const std::vector<std::string> kPriorities = {"normal", "low", "high"};
  const auto found = std::find(kPriorities.begin(), kPriorities.end(), FoldCase(term.text));
  if (found != kPriorities.end()) return static_cast<Priority>(found - kPriorities.begin());
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(Code::kUnknownOption, term.span, term.text,
                                                           "there is no priority " + Tick(term.text), "not a priority", kPriorities);
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the priorities are", kPriorities);
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::CreateTaskAction& node) {
  bool ok = true;
  CreateTask task;
  std::optional<Text> title = OptionalText(node.title, ok);
  if (node.assignee.has_value()) {
    task.assignee = CheckRecipient(*node.assignee);
    ok = ok && task.assignee.has_value();
  }
  task.due_in = OptionalDuration(node.due_in, ok);
  if (node.priority.has_value()) {
    const std::optional<Priority> priority = ReadPriority(*node.priority);
    ok = ok && priority.has_value();
    task.priority = priority.value_or(Priority::kNormal);
  }
  if (node.remind && !node.due_in.has_value()) {
    names_.reporter()
        .Report(Code::kReminderWithoutDue, node.remind_span, "a task that is never due has no moment to remind of", "due when?")
        .help.emplace_back("say when the task is due, such as `due in 2 days`");
    ok = false;
  }
  if (node.remind) task.remind_before = OptionalDuration(node.remind_before, ok).value_or(Duration{});
  if (!ok) return std::nullopt;
  task.title = std::move(*title);
  return task;
}

// ---- lists ------------------------------------------------------------------------------------------------------------

std::optional<Symbol> ActionChecker::HandList(const Term& term) {
  const std::optional<Symbol> symbol = names_.ResolveList(term);
  if (!symbol.has_value()) return std::nullopt;
  const ListSymbol& list = names_.vocabulary().lists()[*symbol];
  if (list.by_hand) return list.member;
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kListHasCondition, term.span,
                               "the members of \"" + list.name + "\" come from its condition, not from rules", "a list with a condition");
  diagnostic.help.push_back("declare it `by hand`, or change its condition");
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::AddToListAction& node) {
  const std::optional<Symbol> member = HandList(node.list);
  if (!member.has_value()) return std::nullopt;
  SetValue set;
  set.property = *member;
  set.value = std::int64_t{1};
  set.value_span = node.list.span;
  return set;
}

std::optional<Node> ActionChecker::operator()(const syntax::RemoveFromListAction& node) {
  const std::optional<Symbol> member = HandList(node.list);
  if (!member.has_value()) return std::nullopt;
  return ClearValue{*member};
}

}  // namespace stagecraft::sema
