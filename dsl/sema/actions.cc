#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/texts.h"
#include "dsl/sema/units.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

using Node = ActionChecker::Node;
using syntax::Term;

// `from` may be copied to a property of type `to` as it is.
bool CanCopy(Type from, Type to) {
  if (IsNumber(from) && IsNumber(to)) return true;
  if (IsText(from) && IsText(to)) return true;
  return from == to && from != Type::kOption;
}

}  // namespace

std::optional<Action> ActionChecker::Check(const syntax::Action& action) {
  std::optional<Node> node = std::visit(*this, action.node);
  if (!node.has_value()) return std::nullopt;
  return Action{std::move(*node), action.span};
}

// ---- set, clear -------------------------------------------------------------------------------------------------------

void ActionChecker::ReportUnknownTarget(Terms terms) {
  const Vocabulary& vocabulary = names_.vocabulary();
  const std::string written = Written(terms);
  const std::vector<OptionUse>& uses = vocabulary.FindOption(Folded(terms));
  if (!uses.empty()) {
    const std::string meant = vocabulary.property(uses.front().property).name + " " + AsWritten(written);
    Diagnostic& diagnostic =
        names_.reporter().Report(Code::kUnknownProperty, SpanOf(terms), Tick(written) + " is an option; `set` wants its property first",
                                 "expected a property, then its value");
    diagnostic.help.push_back("did you mean " + Tick("set " + meant) + "?");
    if (uses.size() == 1) diagnostic.fix = Fix{SpanOf(terms), meant};
    return;
  }
  const Terms first = terms.first(1);
  names_.reporter().ReportUnknown(Code::kUnknownProperty, SpanOf(first), Written(first), "there is no property " + Tick(Written(first)),
                                  "not a known property", vocabulary.PropertyNames());
}

std::optional<ActionChecker::Target> ActionChecker::SplitSet(const syntax::SetAction& node) {
  const Terms terms = TermsOf(node.phrase);
  const std::optional<Names::Found> found = names_.LongestValue(terms);
  const bool computed = found.has_value() ? found->value.kind != ValueName::Kind::kProperty : IsWord(terms.front(), "became");
  if (computed) {
    const Terms name = terms.first(found.has_value() ? found->count : terms.size());
    names_.reporter().Report(Code::kNotSettable, SpanOf(name), Tick(Written(name)) + " is computed and cannot be set", "not a property");
    return std::nullopt;
  }
  if (!found.has_value() && terms.size() == 1 && !node.value.has_value()) return std::nullopt;
  if (!found.has_value()) {
    ReportUnknownTarget(terms);
    return std::nullopt;
  }
  const PropertySymbol& property = names_.vocabulary().property(found->value.symbol);
  if (property.broken) return std::nullopt;
  Target target{found->value.symbol, terms.subspan(found->count)};
  if (node.value.has_value()) {
    if (!target.value.empty()) {
      names_.reporter().Report(Code::kUnexpected, SpanOf(target.value), "a value stands before `back to` and after it",
                               "expected nothing here");
      return std::nullopt;
    }
    target.value = TermsOf(*node.value);
  }
  // The parser has reported the one without anything after the property.
  if (target.value.empty() && terms.size() == 1) return std::nullopt;
  if (target.value.empty()) {
    Diagnostic& diagnostic =
        names_.reporter().Report(Code::kMissingValue, node.phrase.span, "`set " + property.name + "` wants a value", "set to what?");
    Reporter::AddChoices(diagnostic, "the options are", property.options.Labels());
    diagnostic.help.push_back("to take its value away: " + Tick("clear " + property.name));
    return std::nullopt;
  }
  return target;
}

std::optional<Value> ActionChecker::CheckConstant(const PropertySymbol& property, Terms terms) {
  const Term& term = terms.front();
  if (terms.size() > 1) return std::nullopt;
  switch (property.type) {
    case Type::kTruth:
      if (IsWord(term, "yes") || IsWord(term, "no")) return Value{std::int64_t{IsWord(term, "yes") ? 1 : 0}};
      return std::nullopt;
    case Type::kNumber:
    case Type::kMoney:
      if (term.kind == Term::Kind::kNumber) return Value{term.number};
      return std::nullopt;
    case Type::kDate:
      if (term.kind != Term::Kind::kDate) return std::nullopt;
      if (const auto days = ParseDate(term.text); days.has_value()) return Value{std::int64_t{*days}};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Value> ActionChecker::CheckValue(Symbol symbol, Terms terms) {
  const PropertySymbol& property = names_.vocabulary().property(symbol);
  if (property.type == Type::kOption) {
    const auto option = names_.ResolveOption(property.options, property.name, terms);
    if (!option.has_value()) return std::nullopt;
    return Value{std::int64_t{*option}};
  }
  if (IsText(property.type) && terms.size() == 1 && terms.front().kind == Term::Kind::kText) {
    std::optional<Text> text = CheckText(terms.front(), scope_, sources_, names_);
    if (!text.has_value()) return std::nullopt;
    return Value{std::move(*text)};
  }
  if (auto constant = CheckConstant(property, terms); constant.has_value()) return constant;
  if (std::optional<Reference> from = names_.FindReference(terms, scope_); from.has_value()) {
    if (property.type == Type::kDate && from->type == Type::kTime) from->type = Type::kDate;
    if (CanCopy(from->type, property.type)) return Value{*from};
    if (property.type == Type::kText) return Value{Text{TextPart{{}, from}}};
  }
  if (scope_.event_unknown || names_.reporter().IsSpoiled(Written(terms))) return std::nullopt;
  const std::string type(TypeWithArticle(property.type));
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms),
                               Tick(property.name) + " is " + type + " and cannot be set to " + Tick(Written(terms)), "expected " + type);
  if (IsText(property.type) && terms.front().kind == Term::Kind::kWord) {
    diagnostic.help.push_back("a text stands in quotation marks: " + Tick("\"" + Written(terms) + "\""));
    diagnostic.fix = Fix{SpanOf(terms), "\"" + Written(terms) + "\""};
  } else if (property.type == Type::kDate) {
    diagnostic.help.emplace_back("a date is written as `2026-12-31`");
  }
  return std::nullopt;
}

std::optional<Text> ActionChecker::OptionalText(const std::optional<Term>& term, bool& ok) {
  if (!term.has_value()) return std::nullopt;
  std::optional<Text> text = CheckText(*term, scope_, sources_, names_);
  ok = ok && text.has_value();
  return text;
}

std::optional<Node> ActionChecker::operator()(const syntax::SetAction& node) {
  const std::optional<Target> target = SplitSet(node);
  bool ok = true;
  SetValue set;
  set.because = OptionalText(node.because, ok);
  if (!target.has_value()) return std::nullopt;
  std::optional<Value> value = CheckValue(target->property, target->value);
  if (!value.has_value() || !ok) return std::nullopt;
  set.property = target->property;
  set.value = std::move(*value);
  set.value_span = SpanOf(target->value);
  set.back_to = node.back_to;
  if (node.back_to && !names_.vocabulary().property(set.property).forward_only) {
    const std::string& name = names_.vocabulary().property(set.property).name;
    names_.reporter()
        .Report(Code::kNotOrdered, set.value_span, Tick(name) + " may move in any direction, so `back to` has no meaning", "not needed")
        .help.push_back("write " + Tick("set " + name + " " + AsWritten(Written(target->value))));
    return std::nullopt;
  }
  return set;
}

std::optional<Node> ActionChecker::operator()(const syntax::ClearAction& node) {
  const std::optional<Symbol> property = names_.ResolveProperty(TermsOf(node.property));
  if (!property.has_value()) return std::nullopt;
  return ClearValue{*property};
}

// ---- people -----------------------------------------------------------------------------------------------------------

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
  const Term& term = terms.front();
  Recipient result;
  if (terms.size() != 1 || term.kind != Term::Kind::kText) {
    const std::optional<Symbol> property = UserProperty(terms);
    if (!property.has_value()) return std::nullopt;
    result.kind = recipient.manager_of ? Recipient::Kind::kManagerOfProperty : Recipient::Kind::kProperty;
    result.symbol = *property;
    return result;
  }
  if (!recipient.manager_of && term.text.find('@') != std::string::npos && !names_.vocabulary().FindTeam(FoldCase(term.text)).has_value()) {
    result.kind = Recipient::Kind::kUser;
    result.user = term.text;
    return result;
  }
  const std::optional<Symbol> team = names_.ResolveTeam(term);
  if (!team.has_value()) return std::nullopt;
  if (!recipient.manager_of) {
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
    std::optional<Value> value = CheckValue(*property, TermsOf(*node.to));
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
  if (node.method.has_value() && Folded(TermsOf(*node.method)) != "rotation") {
    names_.reporter().Report(Code::kNotPartOfLanguage, node.method->span,
                             "assigning by " + Tick(Written(TermsOf(*node.method))) + " is not part of the language yet",
                             "expected `rotation`");
    return std::nullopt;
  }
  if (!property.has_value() || !team.has_value()) return std::nullopt;
  return AssignRotation{*property, *team};
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

std::optional<Node> ActionChecker::operator()(const syntax::CreateTaskAction& node) {
  bool ok = true;
  CreateTask task;
  std::optional<Text> title = OptionalText(node.title, ok);
  if (node.assignee.has_value()) {
    task.assignee = CheckRecipient(*node.assignee);
    ok = ok && task.assignee.has_value();
  }
  if (node.due_in.has_value()) {
    task.due_in = AnyDuration(*node.due_in, calendar_, names_.reporter());
    ok = ok && task.due_in.has_value();
  }
  if (node.priority.has_value()) {
    const std::vector<std::string> priorities = {"normal", "low", "high"};
    std::size_t number = 0;
    while (number < priorities.size() && FoldCase(node.priority->text) != priorities[number]) ++number;
    if (number == priorities.size()) {
      Diagnostic* diagnostic =
          names_.reporter().ReportUnknown(Code::kUnknownOption, node.priority->span, node.priority->text,
                                          "there is no priority " + Tick(node.priority->text), "not a priority", priorities);
      if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the priorities are", priorities);
      return std::nullopt;
    }
    task.priority = static_cast<Priority>(number);
  }
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
