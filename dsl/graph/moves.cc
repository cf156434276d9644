#include "dsl/graph/moves.h"

#include <utility>

namespace stagecraft::graph {
namespace {

// language.md E9: `set` to an earlier option is refused where both are forward only.
bool IsRefused(const ir::Property& property, std::uint32_t from, std::uint32_t to, bool back_to) {
  if (back_to || property.type != ir::Type::kOption || from >= property.options.size() || to >= property.options.size()) return false;
  return ir::LeadsBack(property.options[from], property.options[to]);
}

class Walk {
 public:
  Walk(const ir::Program& program, const ir::Rule& rule, std::uint32_t slot, PossibleValues& possible)
      : program_(program), rule_(rule), slot_(slot), possible_(possible), at_(rule.actions.size() + 1) {}

  std::vector<Move> Moves() {
    Arrive(0, {Start(), false});
    for (std::uint32_t i = 0; i < rule_.actions.size(); ++i) {
      if (at_[i].has_value()) Step(i, *at_[i]);
    }
    return std::move(moves_);
  }

 private:
  struct State {
    Values values;
    bool written = false;  // since the round began, whose state `if` reads
  };

  void Arrive(std::uint32_t action, State state) {
    if (action >= at_.size() || IsEmpty(state.values)) return;
    if (!at_[action].has_value()) {
      at_[action] = std::move(state);
      return;
    }
    at_[action]->values = Union(std::move(at_[action]->values), state.values);
    at_[action]->written = at_[action]->written || state.written;
  }

  Values Start() {
    Values values = possible_.all();
    switch (rule_.trigger) {
      case ir::TriggerKind::kBecomes:
      case ir::TriggerKind::kStays:
        if (rule_.slot == slot_) values = possible_.Within(values, rule_.mask);
        break;
      case ir::TriggerKind::kNodeRises:
      case ir::TriggerKind::kNodeFalls:
        values = possible_.WhereNode(values, rule_.node, rule_.trigger == ir::TriggerKind::kNodeRises);
        break;
      case ir::TriggerKind::kSchedule:
        if (rule_.node != ir::kNoList) values = possible_.WhereNode(values, rule_.node, true);
        break;
      default:
        break;
    }
    return possible_.Where(values, rule_.condition, true);
  }

  // Anything can have happened while a run waited, but what would have ended it.
  Values AfterWait() { return possible_.Where(possible_.all(), rule_.until, false); }

  void Write(const State& state, std::optional<std::uint32_t> to, bool back_to, std::uint32_t next) {
    const Values none(state.values.size(), false);
    Move move{state.values, none, state.values == possible_.all(), to};
    for (std::uint32_t value = 0; value < move.from.size() && to.has_value(); ++value) {
      if (!move.from[value] || !IsRefused(program_.properties[slot_], value, *to, back_to)) continue;
      move.from[value] = false;
      move.refused[value] = true;
    }
    Arrive(next, {Union(move.refused, to.has_value() ? possible_.Only(*to) : possible_.all()), true});
    if (!IsEmpty(move.from)) moves_.push_back(std::move(move));
  }

  void StepBranch(const ir::Action& action, const State& state, std::uint32_t next) {
    if (state.written) {
      Arrive(next, state);
      Arrive(action.target, state);
      return;
    }
    Arrive(next, {possible_.Where(state.values, action.condition, true), false});
    Arrive(action.target, {possible_.Where(state.values, action.condition, false), false});
  }

  void StepWait(const ir::Wait& wait, std::uint32_t next) {
    const Values after = AfterWait();
    const bool condition = wait.kind == ir::Wait::Kind::kCondition;
    Arrive(next, {condition ? possible_.Where(after, wait.condition, true) : after, false});
    if (wait.at_most.has_value()) Arrive(wait.timeout == ir::kNoAction ? next : wait.timeout, {after, false});
  }

  void Step(std::uint32_t number, const State& state) {
    const ir::Action& action = rule_.actions[number];
    const bool writes_slot = action.slot == slot_ && (action.kind == ir::ActionKind::kSet || action.kind == ir::ActionKind::kClear);
    switch (action.kind) {
      case ir::ActionKind::kBranch:
        StepBranch(action, state, number + 1);
        return;
      case ir::ActionKind::kJump:
        Arrive(action.target, state);
        return;
      case ir::ActionKind::kSplit:
        for (const ir::Share& share : action.shares) Arrive(share.target, state);
        return;
      case ir::ActionKind::kWait:
        StepWait(*action.wait, number + 1);
        return;
      case ir::ActionKind::kEnd:
        return;
      default:
        break;
    }
    if (!writes_slot) {
      Arrive(number + 1, state);
    } else if (action.kind == ir::ActionKind::kClear) {
      Write(state, possible_.unset(), true, number + 1);
    } else if (action.value.kind == ir::ValueExpr::Kind::kConstant) {
      Write(state, static_cast<std::uint32_t>(action.value.constant), action.back_to, number + 1);
    } else {
      Write(state, std::nullopt, action.back_to, number + 1);
    }
  }

  const ir::Program& program_;
  const ir::Rule& rule_;
  std::uint32_t slot_;
  PossibleValues& possible_;
  std::vector<std::optional<State>> at_;  // by action, and one for the end
  std::vector<Move> moves_;
};

}  // namespace

std::vector<Move> MovesOf(const ir::Program& program, const ir::Rule& rule, std::uint32_t slot, PossibleValues& possible) {
  return Walk(program, rule, slot, possible).Moves();
}

}  // namespace stagecraft::graph
