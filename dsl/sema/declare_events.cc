#include <utility>

#include "dsl/sema/declarations.h"
#include "dsl/sema/names.h"
#include "dsl/support/limits.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

EventSymbol Declarer::MakeEvent(const syntax::EventDecl& decl) {
  EventSymbol event;
  event.name = NameOf(decl.name);
  event.span = decl.name.span;
  event.family = event.name.substr(0, event.name.find(' '));
  for (const syntax::Phrase& synonym : decl.synonyms) event.synonyms.push_back(NameOf(synonym));
  NameSpans names;
  for (const syntax::FieldDecl& decl_field : decl.fields) {
    FieldSymbol field;
    field.name = NameOf(decl_field.name);
    if (!Claim(names, field.name, decl_field.name.span, "field")) continue;
    if (event.fields.size() == kFieldsMax) {
      ReportTooLarge(reporter_, decl_field.name.span, Tick(event.name) + " has more than " + std::to_string(kFieldsMax) + " fields",
                     "declare those that scripts ask for");
      break;
    }
    field.type = TypeOf(decl_field.type);
    const bool ordered = IsStages(decl_field.type);
    OptionSymbol model;
    if (ordered) model.rank = 0;
    AddOptions(decl_field.options, model, nullptr, ordered, field.options, field.name);
    if (field.type == Type::kOption && field.options.options.empty()) {
      reporter_.Report(Code::kMissingValue, decl_field.type.span, Tick(field.name) + " has no options", "the options must follow");
      event.broken = true;
    }
    event.fields.push_back(std::move(field));
  }
  return event;
}

void Declarer::AddEvents() {
  std::vector<EventSymbol> standard;
  std::vector<const syntax::EventDecl*> standard_decls;
  std::vector<const syntax::EventDecl*> added;  // by symbol
  for (const Declared& declared : declared_) {
    const auto* decl = std::get_if<syntax::EventDecl>(&declared.declaration->node);
    if (decl == nullptr) continue;
    EventSymbol event = MakeEvent(*decl);
    event.standard = declared.standard;
    if (declared.standard) {
      standard.push_back(std::move(event));
      standard_decls.push_back(decl);
      continue;
    }
    bool free = Claim(events_, event.name, decl->name.span, "event");
    for (const syntax::Phrase& synonym : decl->synonyms) free = Claim(events_, NameOf(synonym), synonym.span, "event") && free;
    if (!free) continue;
    added.push_back(decl);
    out_.vocabulary.AddEvent(std::move(event));
  }
  for (std::size_t i = 0; i < standard.size(); ++i) {
    if (events_.count(FoldCase(standard[i].name)) != 0) continue;
    added.push_back(standard_decls[i]);
    out_.vocabulary.AddEvent(std::move(standard[i]));
  }
  for (Symbol symbol = 0; symbol < added.size(); ++symbol) LinkEvent(symbol, *added[symbol]);
}

std::optional<Symbol> Declarer::AnnouncedEvent(const syntax::Phrase& name) {
  const std::string written = NameOf(name);
  if (const auto event = out_.vocabulary.FindEvent(FoldCase(written)); event.has_value()) return event;
  reporter_.ReportUnknown(Code::kUnknownEvent, name.span, written, "there is no event " + Tick(written), "not a known event",
                          out_.vocabulary.EventNames(), '"');
  return std::nullopt;
}

// What the event's fields announce and what it withdraws, now that all events are known.
void Declarer::LinkEvent(Symbol symbol, const syntax::EventDecl& decl) {
  for (const syntax::FieldDecl& decl_field : decl.fields) {
    if (!decl_field.announces.has_value()) continue;
    const std::optional<Symbol> announced = AnnouncedEvent(*decl_field.announces);
    const std::optional<std::uint32_t> field = out_.vocabulary.event(symbol).FindField(FoldCase(NameOf(decl_field.name)));
    if (!announced.has_value() || !field.has_value() || out_.vocabulary.event(symbol).broken) continue;
    const Type type = out_.vocabulary.event(symbol).fields[*field].type;
    if (type == Type::kDate || type == Type::kTime) {
      out_.vocabulary.Announce(symbol, *field, *announced);
      continue;
    }
    reporter_.Report(Code::kTypeMismatch, decl_field.type.span,
                     "a field that announces an event is a date or a time, not " + std::string(TypeWithArticle(type)),
                     "expected `date` or `time`");
  }
  for (const syntax::Phrase& name : decl.withdraws) {
    if (const auto announced = AnnouncedEvent(name); announced.has_value()) out_.vocabulary.Withdraw(symbol, *announced);
  }
}

}  // namespace stagecraft::sema
