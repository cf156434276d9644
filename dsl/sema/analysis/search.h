// One question to the guards: a cube of what is known so far, and what is still to be made true.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_SEARCH_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_SEARCH_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "dsl/sema/analysis/guards.h"

namespace stagecraft::sema {

struct Guards::Search {
  // A variable that a condition speaks of.
  struct Subject {
    Variable variable;
    Type type = Type::kNumber;
    const Condition* source = nullptr;
  };
  struct Entry {
    Subject subject;
    Domain domain;
  };
  using Cube = std::vector<Entry>;

  Search(const Guards& owner, const Query& query);

  // True when all of them can hold; `cube` shows how.
  bool Run(const std::vector<Goal>& goals);
  std::vector<Binding> Witness() const;
  Domain& DomainOf(Cube& in, const Subject& subject);

  Cube cube;
  int steps = 0;
  bool gave_up = false;

 private:
  // What one branch has still to do.
  struct Work {
    std::vector<Goal> now;
    std::vector<Goal> choices;  // an `or` that must hold, or an `and` that must not
  };

  bool RunFrom(Cube known, Work work);
  // Does all that leaves no choice. False when it cannot be done.
  bool Settle(Cube& known, Work& work);
  bool SettleOne(Cube& known, Work& work);
  // Does what leaves one choice only. False where none is left.
  bool Propagate(Cube& known, Work& work);
  // Operands of the choice that what is known does not rule out by itself: all there are, or the first few.
  std::vector<const Condition*> FirstWays(const Cube& known, const Goal& choice);
  bool MayHold(const Cube& known, const Goal& goal, int depth);

  // False when the literal contradicts what is known.
  bool Narrow(Cube& known, const Goal& goal);
  bool NarrowDomain(Domain& domain, const Goal& goal) const;
  bool NarrowText(Domain& domain, const Goal& goal) const;
  // Nothing where the changes alone decide the literal.
  std::optional<Subject> SubjectOf(const Goal& goal) const;
  std::optional<Subject> SeenSubject(const Goal& goal) const;
  Variable VariableOf(const Reference& reference, Variable::Kind kind, const Changes* after) const;
  bool Expands(const Condition& condition) const;

  bool Agrees(const Cube& known) const;
  bool AgreesWithDeltas(const Cube& known) const;

  const Guards& guards_;
  bool closed_ = false;
  bool previous_is_first_ = false;
  std::vector<const Changes*> changes_;  // of the goals, each once
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_SEARCH_H_
