#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

Declaration BuildPromise(Children& children) {
  return {PromiseDecl{children.Has(Role::kNo), children.Need<ConditionPtr>(), children.Need<ConditionPtr>(Role::kWhen)}, children.span()};
}

MovesDecl::Target BuildMoveTarget(Children& children) { return {children.Has(Role::kLater), children.Need<Phrase>()}; }

MovesDecl::Line BuildMovesLine(Children& children) {
  return {children.TakeAll<MovesDecl::Target>(Role::kFrom), children.TakeAll<MovesDecl::Target>(Role::kTo), children.span()};
}

Declaration BuildMoves(Children& children) {
  return {MovesDecl{children.Need<Phrase>(), children.TakeAll<MovesDecl::Line>()}, children.span()};
}

}  // namespace stagecraft::syntax
