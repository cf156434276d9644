// Phrases that name events: `email sent`, `call` (any call), `form "Demo" submitted`, `page viewed "/pricing*"`.
#ifndef STAGECRAFT_DSL_SEMA_EVENTS_H_
#define STAGECRAFT_DSL_SEMA_EVENTS_H_

#include <optional>

#include "dsl/sema/names.h"

namespace stagecraft::sema {

class ConditionChecker;

class EventResolver {
 public:
  EventResolver(Names& names, ConditionChecker& conditions) : names_(names), conditions_(conditions) {}

  // True when `terms` are about events: the phrase of an event, or one that begins with the first word of some event and
  // names nothing else. Reports nothing.
  bool IsEvent(Terms terms) const;
  // The events of a phrase, narrowed by its texts and by `with` (may be null). Nothing when an error was reported.
  std::optional<EventMatches> Resolve(Terms terms, const syntax::Condition* with);

 private:
  struct Candidates {
    std::vector<Symbol> events;
    std::vector<const syntax::Term*> texts;
  };
  Candidates Find(Terms terms) const;
  bool AddTextConditions(const Candidates& candidates, EventMatch& match);
  void ReportUnknownEvent(Terms terms);

  Names& names_;
  ConditionChecker& conditions_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_EVENTS_H_
