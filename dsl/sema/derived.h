// What is kept up to date for every contact: definitions, scores, counters, lists with a condition.
#ifndef STAGECRAFT_DSL_SEMA_DERIVED_H_
#define STAGECRAFT_DSL_SEMA_DERIVED_H_

#include <vector>

#include "dsl/sema/conditions.h"
#include "dsl/sema/declarations.h"

namespace stagecraft::sema {

class DerivedChecker {
 public:
  DerivedChecker(const SourceSet& sources, Names& names, ConditionChecker& conditions)
      : sources_(sources), names_(names), conditions_(conditions) {}

  // Checks them all, and that none depends on itself. Fills out.derived and out.derived_order.
  void Check(const std::vector<DerivedDecl>& decls, CheckedScript& out);

  // By derived symbol: the derived symbols it reads.
  const std::vector<std::vector<Symbol>>& reads() const { return reads_; }

 private:
  Derived CheckOne(const DerivedDecl& decl, std::vector<Symbol>& reads);
  Criterion CheckCriterion(const syntax::ScoreLine& line, std::vector<Symbol>& reads);
  Derived CheckCounter(const syntax::CounterDecl& decl);
  void Order(const Vocabulary& vocabulary, std::vector<Symbol>& order);
  void ReportCycle(const std::vector<Symbol>& path, const Vocabulary& vocabulary);

  const SourceSet& sources_;
  Names& names_;
  ConditionChecker& conditions_;
  std::vector<std::vector<Symbol>> reads_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_DERIVED_H_
