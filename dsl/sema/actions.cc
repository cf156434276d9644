#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/texts.h"
#include "dsl/sema/units.h"
#include "dsl/sema/values.h"
#include "dsl/sema/wording.h"
#include "dsl/support/limits.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

using Node = ActionChecker::Node;
using syntax::Term;

Block ActionChecker::Check(const syntax::Block& actions) {
  Block block;
  for (const syntax::Action& action : actions) {
    if (++actions_ > kActionsMax) {
      if (actions_ != kActionsMax + 1) break;
      ReportTooLarge(names_.reporter(), action.span, "a rule or sequence has " + std::to_string(kActionsMax) + " actions at most",
                     "write a rule for each purpose");
      break;
    }
    std::optional<Node> node = std::visit(*this, action.node);
    if (node.has_value() && MaySet(*node, action.span)) block.push_back({std::move(*node), action.span});
  }
  return block;
}

bool ActionChecker::MaySet(const Node& node, Span span) {
  std::optional<Symbol> target;
  if (const auto* set = std::get_if<SetValue>(&node)) target = set->property;
  if (const auto* clear = std::get_if<ClearValue>(&node)) target = clear->property;
  if (!target.has_value() || !names_.vocabulary().property(*target).IsKept()) return true;
  const std::string& name = names_.vocabulary().property(*target).name;
  Diagnostic& diagnostic = names_.reporter().Report(Code::kNotSettable, span, Tick(name) + " follows the contact's deals and cannot be set",
                                                    "kept by Stagecraft");
  diagnostic.help.push_back("to move the deal: " + Tick("move deal to \"…\""));
  return false;
}

std::optional<Text> ActionChecker::OptionalText(const std::optional<Term>& term, bool& ok) {
  if (!term.has_value()) return std::nullopt;
  std::optional<Text> text = CheckText(*term, scope_, context_.sources, names_);
  ok = ok && text.has_value();
  return text;
}

std::optional<Duration> ActionChecker::OptionalDuration(const std::optional<syntax::Duration>& duration, bool& ok) {
  if (!duration.has_value()) return std::nullopt;
  std::optional<Duration> checked = AnyDuration(*duration, context_.calendar, names_.reporter());
  ok = ok && checked.has_value();
  return checked;
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
    if (uses.size() > 1) return;
    diagnostic.fixes = {Replace(SpanOf(terms), meant)};
    diagnostic.fixes.front().safe = false;
    return;
  }
  const Terms first = terms.first(1);
  Diagnostic* diagnostic =
      names_.reporter().ReportUnknown(Code::kUnknownProperty, SpanOf(first), Written(first), "there is no property " + Tick(Written(first)),
                                      "not a known property", names_.Known(Names::kProperties));
  if (diagnostic != nullptr) OfferOwnName(*diagnostic, terms, vocabulary);
}

std::optional<ActionChecker::Target> ActionChecker::SplitSet(const syntax::SetAction& node) {
  const Terms terms = TermsOf(node.phrase);
  const std::optional<Names::Found> found = names_.LongestValue(terms);
  const std::size_t entry_date = found.has_value() ? 0 : names_.EntryDateTerms(terms);
  const bool computed = found.has_value() ? found->value.kind != ValueName::Kind::kProperty : IsWord(terms.front(), "became");
  if (computed) {
    const Terms name = terms.first(found.has_value() ? found->count : entry_date != 0 ? entry_date : terms.size());
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
  const Terms value = names_.WithoutNeedlessWord(target.value, &property.options);
  if (value.size() != target.value.size()) target.value = value;
  return target;
}

std::optional<Node> ActionChecker::operator()(const syntax::SetAction& node) {
  const std::optional<Target> target = SplitSet(node);
  bool ok = true;
  SetValue set;
  set.because = OptionalText(node.because, ok);
  if (!target.has_value()) return std::nullopt;
  std::optional<Value> value =
      ValueChecker(context_, scope_).Check(names_.vocabulary().property(target->property), target->value, node.rest);
  if (!value.has_value() || !ok) return std::nullopt;
  set.property = target->property;
  set.value = std::move(*value);
  set.value_span = SpanOf(target->value);
  if (!node.rest.empty()) set.value_span.end = std::visit([](const auto& last) { return last.span.end; }, node.rest.back().operand);
  set.back_to = node.back_to;
  if (node.back_to && !names_.vocabulary().property(set.property).forward_only) {
    const std::string& name = names_.vocabulary().property(set.property).name;
    names_.reporter()
        .Report(Code::kNotOrdered, set.value_span, Tick(name) + " may move in any direction, so `back to` has no meaning", "not needed")
        .help.push_back("write " + Tick("set " + name + " " + Shown(target->value)));
    return std::nullopt;
  }
  return set;
}

std::optional<Node> ActionChecker::operator()(const syntax::ClearAction& node) {
  const std::optional<Symbol> property = names_.ResolveProperty(TermsOf(node.property));
  if (!property.has_value()) return std::nullopt;
  return ClearValue{*property};
}

// ---- copy, add, append ------------------------------------------------------------------------------------------------

template <typename Fits>
std::optional<Symbol> ActionChecker::PropertyLike(Terms terms, Fits fits, std::string_view wanted) {
  const std::optional<Symbol> property = names_.ResolveProperty(terms);
  if (!property.has_value()) return std::nullopt;
  const PropertySymbol& symbol = names_.vocabulary().property(*property);
  if (fits(symbol.type)) return property;
  names_.reporter().Report(Code::kTypeMismatch, SpanOf(terms),
                           Tick(symbol.name) + " is " + std::string(TypeWithArticle(symbol.type)) + ", not " + std::string(wanted),
                           "expected " + std::string(wanted));
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::CopyAction& node) {
  const std::optional<Symbol> property = names_.ResolveProperty(TermsOf(node.to));
  if (!property.has_value()) return std::nullopt;
  std::optional<Value> value = ValueChecker(context_, scope_).Copy(names_.vocabulary().property(*property), TermsOf(node.from));
  if (!value.has_value()) return std::nullopt;
  SetValue set;
  set.property = *property;
  set.value = std::move(*value);
  set.value_span = node.from.span;
  return set;
}

std::optional<Node> ActionChecker::operator()(const syntax::AddAction& node) {
  const auto can_grow = [](Type type) { return IsNumber(type) || type == Type::kDate || type == Type::kTime; };
  const std::optional<Symbol> property = PropertyLike(TermsOf(node.property), can_grow, "a number, an amount of money or a date");
  if (!property.has_value()) return std::nullopt;
  std::optional<Value> value =
      ValueChecker(context_, scope_)
          .Changed(names_.vocabulary().property(*property), names_.PropertyReference(*property), TermsOf(node.amount), node.subtract);
  if (!value.has_value()) return std::nullopt;
  SetValue set;
  set.property = *property;
  set.value = std::move(*value);
  set.value_span = node.amount.span;
  return set;
}

std::optional<Node> ActionChecker::operator()(const syntax::AppendAction& node) {
  const auto is_text = [](Type type) { return type == Type::kText; };
  const std::optional<Symbol> property = PropertyLike(TermsOf(node.property), is_text, "a text");
  if (!property.has_value()) return std::nullopt;
  std::optional<Value> value = ValueChecker(context_, scope_).Check(names_.vocabulary().property(*property), TermsOf(node.value));
  if (!value.has_value()) return std::nullopt;
  SetValue set;
  set.property = *property;
  // A text that is copied is a text of one part.
  const auto* from = std::get_if<Reference>(&*value);
  set.value = from != nullptr ? Value{Text{TextPart{{}, *from}}} : std::move(*value);
  set.append = true;
  set.value_span = node.value.span;
  return set;
}

}  // namespace stagecraft::sema
