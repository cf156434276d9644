// Phrases that name events: `email sent`, `call` (any call), `form "Demo" submitted`, `form level BOFU submitted`, `page viewed "/p*"`.
#ifndef STAGECRAFT_DSL_SEMA_EVENTS_H_
#define STAGECRAFT_DSL_SEMA_EVENTS_H_

#include <optional>
#include <vector>

#include "dsl/sema/names.h"

namespace stagecraft::sema {

class ConditionChecker;

class EventResolver {
 public:
  EventResolver(Names& names, ConditionChecker& conditions) : names_(names), conditions_(conditions) {}

  // True when `terms` are about events: the phrase of an event, or one that begins with the first word of some event and
  // names nothing else. Reports nothing.
  bool IsEvent(Terms terms) const;
  // True when `terms` are the phrase of an event that there is.
  bool Exists(Terms terms) const { return !Find(terms).events.empty(); }
  // The events of a phrase, narrowed by its texts and by `with` (may be null). Of a family only the events that have the fields
  // which `with` asks for. Nothing when an error was reported.
  std::optional<EventMatches> Resolve(Terms terms, const syntax::Condition* with);
  // The fields that announce the events of a phrase (`meeting starts`), narrowed as in Resolve, and what takes the announcement
  // back, put into `trigger`. False when an error was reported.
  bool ResolveAnnounced(Terms terms, const syntax::Condition* with, Trigger& trigger);

 private:
  struct Candidates {
    std::vector<Symbol> events;
    std::vector<const syntax::Term*> texts;
    const syntax::Term* level = nullptr;  // of the form
  };
  Candidates Find(Terms terms) const;
  std::vector<Symbol> FindByWords(const std::vector<syntax::Term>& words) const;
  // Nothing when an error was reported.
  std::optional<EventMatch> Narrow(Symbol event, const Candidates& candidates, const syntax::Condition* with);
  bool AddTextConditions(const Candidates& candidates, EventMatch& match);
  bool AddLevelCondition(const syntax::Term& level, EventMatch& match);
  // Those of `events` that have every field which `with` names; reports when there is none.
  std::vector<Symbol> WithFieldsOf(const syntax::Condition& with, const std::vector<Symbol>& events);
  std::string WithQuotationMarks(Terms terms) const;
  void ReportUnknownEvent(Terms terms);
  void HintUnknownForm(const syntax::Term& form);

  Names& names_;
  ConditionChecker& conditions_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_EVENTS_H_
