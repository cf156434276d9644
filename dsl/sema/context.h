// What the second pass of the checker has at hand: all that is declared.
#ifndef STAGECRAFT_DSL_SEMA_CONTEXT_H_
#define STAGECRAFT_DSL_SEMA_CONTEXT_H_

#include <vector>

#include "dsl/sema/catalog.h"
#include "dsl/sema/conditions.h"
#include "dsl/sema/names.h"

namespace stagecraft::sema {

struct Context {
  const SourceSet& sources;
  const Calendar& calendar;
  const std::vector<Pipeline>& pipelines;
  const Catalog& catalog;
  Names& names;
  ConditionChecker& conditions;

  Reporter& reporter() const { return names.reporter(); }
  const Vocabulary& vocabulary() const { return names.vocabulary(); }
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CONTEXT_H_
