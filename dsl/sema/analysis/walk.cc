#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema {

namespace {

template <typename Visit>
void ForEachBlockIn(const Action& action, Visit visit) {
  if (const auto* wait = std::get_if<Wait>(&action.node)) {
    if (wait->otherwise.has_value()) visit(*wait->otherwise);
  } else if (const auto* branches = std::get_if<If>(&action.node)) {
    for (const If::Branch& branch : branches->branches) visit(branch.actions);
    visit(branches->otherwise);
  } else if (const auto* split = std::get_if<Split>(&action.node)) {
    for (const Split::Part& part : split->parts) visit(part.actions);
  }
}

void VisitBlock(const Block& block, const ActionVisitor& visit) {
  for (const Action& action : block) {
    visit(action);
    ForEachBlockIn(action, [&visit](const Block& inner) { VisitBlock(inner, visit); });
  }
}

bool Holds(Span outer, Span inner) { return outer.source == inner.source && outer.begin <= inner.begin && inner.end <= outer.end; }

void FindPlace(const Block& block, Span span, ActionPlace& place) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!Holds(block[i].span, span)) continue;
    place = {&block, i};
    ForEachBlockIn(block[i], [&](const Block& inner) { FindPlace(inner, span, place); });
    return;
  }
}

}  // namespace

void ForEachAction(const Rule& rule, const ActionVisitor& visit) {
  VisitBlock(rule.actions, visit);
  VisitBlock(rule.finally, visit);
}

void ForEachCondition(const Rule& rule, const ConditionVisitor& visit) {
  visit(rule.trigger.condition);
  visit(rule.guard);
  if (rule.until.has_value()) visit(*rule.until);
  if (rule.expected.has_value()) visit(*rule.expected);
  ForEachAction(rule, [&](const Action& action) {
    if (const auto* branches = std::get_if<If>(&action.node)) {
      for (const If::Branch& branch : branches->branches) visit(branch.condition);
    } else if (const auto* wait = std::get_if<Wait>(&action.node)) {
      if (wait->kind == Wait::Kind::kCondition) visit(wait->condition);
    }
  });
}

ActionPlace PlaceOfAction(const Rule& rule, Span span) {
  ActionPlace place;
  FindPlace(rule.actions, span, place);
  if (place.block == nullptr) FindPlace(rule.finally, span, place);
  return place;
}

bool PlacesMatter(const Rule& rule) {
  bool splits = false;
  ForEachAction(rule, [&](const Action& action) { splits = splits || std::holds_alternative<Split>(action.node); });
  return splits;
}

}  // namespace stagecraft::sema
