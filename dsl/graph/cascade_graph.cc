#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "dsl/graph/edge_table.h"
#include "dsl/graph/moves.h"
#include "dsl/graph/rule_graph.h"

namespace stagecraft::graph {
namespace {

// What an action does to a property; `move` where its values can be told apart.
struct Effect {
  std::uint32_t slot = 0;
  std::optional<Move> move;
  std::string text;  // "status New"
};

std::string TextOf(const ir::Program& program, std::uint32_t slot, const std::optional<std::uint32_t>& to, std::uint32_t unset) {
  const ir::Property& property = program.properties[slot];
  const std::string list_prefix = "list:";
  if (property.hidden) return (to == unset ? "leaves list " : "joins list ") + property.name.substr(list_prefix.size());
  if (!to.has_value()) return property.name;
  if (*to == unset) return property.name + " cleared";
  if (property.type == ir::Type::kTruth) return property.name + (*to == 1 ? " yes" : " no");
  return property.name + " " + property.options[*to].label;
}

class CascadeGraphBuilder {
 public:
  explicit CascadeGraphBuilder(const ir::Program& program) : program_(program), possible_(program.properties.size()) {}

  RuleGraph Build() {
    const std::vector<std::uint32_t> rules = RunningRules(program_);
    for (const std::uint32_t rule : rules) AddRule(rule);
    RuleGraph graph;
    graph.kind = RuleGraph::Kind::kCascade;
    graph.title = "rules";
    std::map<std::uint32_t, std::uint32_t> nodes;
    for (const std::uint32_t rule : rules) {
      if (connected_.count(rule) == 0) {
        ++graph.rules_left_out;
        continue;
      }
      nodes[rule] = static_cast<std::uint32_t>(graph.nodes.size());
      graph.nodes.push_back(NodeOf(rule));
    }
    graph.edges = table_.Take();
    graph.cut = table_.full();
    for (Edge& edge : graph.edges) {
      edge.from = nodes.at(edge.from);
      edge.to = nodes.at(edge.to);
    }
    return graph;
  }

 private:
  Node NodeOf(std::uint32_t number) const {
    const ir::Rule& rule = program_.rules[number];
    Node node;
    node.kind = rule.kind == ir::RuleKind::kSequence ? Node::Kind::kSequence
                : rule.kind == ir::RuleKind::kSla    ? Node::Kind::kSla
                                                     : Node::Kind::kRule;
    node.id = program_.layout.rules.Name(number);
    node.label = rule.name;
    node.place = PlaceOf(program_, rule.place);
    return node;
  }

  // Null for properties whose values cannot be told apart.
  PossibleValues* PossibleOf(std::uint32_t slot) {
    const ir::Type type = program_.properties[slot].type;
    if (type != ir::Type::kOption && type != ir::Type::kTruth) return nullptr;
    if (possible_[slot] == nullptr) possible_[slot] = std::make_unique<PossibleValues>(program_, slot);
    return possible_[slot].get();
  }

  std::vector<Effect> EffectsOf(const ir::Rule& rule) {
    std::set<std::uint32_t> slots;
    for (const ir::Action& action : rule.actions) {
      const bool writes =
          action.kind == ir::ActionKind::kSet || action.kind == ir::ActionKind::kClear || action.kind == ir::ActionKind::kAssign;
      if (writes) slots.insert(action.slot);
    }
    std::vector<Effect> effects;
    for (const std::uint32_t slot : slots) {
      PossibleValues* possible = PossibleOf(slot);
      if (possible == nullptr) {
        effects.push_back({slot, std::nullopt, program_.properties[slot].name});
        continue;
      }
      for (Move& move : MovesOf(program_, rule, slot, *possible)) {
        std::string text = TextOf(program_, slot, move.to, possible->unset());
        effects.push_back({slot, std::move(move), std::move(text)});
      }
    }
    return effects;
  }

  void AddRule(std::uint32_t number) {
    const ir::Rule& rule = program_.rules[number];
    if (table_.full()) return;
    for (const Effect& effect : EffectsOf(rule)) AddEffect(number, effect);
    for (const ir::Action& action : rule.actions) {
      if (action.kind == ir::ActionKind::kEnrol) AddEdge(number, action.sequence, false, "starts it");
    }
  }

  void AddEdge(std::uint32_t from, std::uint32_t to, bool later, const std::string& text) {
    if (!program_.rules[to].MayFire()) return;
    table_.Add(from, to, later, {text, {}, PlaceOf(program_, program_.rules[from].place)});
    connected_.insert({from, to});
  }

  void AddEffect(std::uint32_t from, const Effect& effect) {
    const ir::TriggerIndex& index = program_.index;
    const auto each = [&](const auto& table, std::uint32_t key, auto visit) {
      if (key >= table.size()) return;
      for (const std::uint32_t rule : table[key]) visit(rule);
    };
    const auto at_once = [&](std::uint32_t rule) {
      if (CanBecome(program_.rules[rule], effect) && GuardCan(program_.rules[rule], effect)) AddEdge(from, rule, false, effect.text);
    };
    const auto later = [&](std::uint32_t rule) {
      if (CanBecome(program_.rules[rule], effect)) AddEdge(from, rule, true, effect.text);
    };
    if (effect.slot < index.by_option.size()) {
      for (std::uint32_t option = 0; option < index.by_option[effect.slot].size(); ++option) {
        const bool hit = !effect.move.has_value() || !effect.move->to.has_value() || *effect.move->to == option;
        if (hit) each(index.by_option[effect.slot], option, at_once);
      }
    }
    each(index.by_change, effect.slot, at_once);
    each(index.by_stay, effect.slot, later);
    each(index.by_date, effect.slot, later);
    each(index.schedule_by_slot, effect.slot, later);
    for (const std::uint32_t node : NodesBehind(effect.slot)) {
      each(index.by_node, node, [&](std::uint32_t rule) {
        if (NodeCanTurn(program_.rules[rule], effect) && GuardCan(program_.rules[rule], effect)) AddEdge(from, rule, false, effect.text);
      });
      each(index.schedule_by_node, node, [&](std::uint32_t rule) { AddEdge(from, rule, true, effect.text); });
    }
  }

  // Can the property come to be what the trigger names, when it was something else?
  bool CanBecome(const ir::Rule& rule, const Effect& effect) {
    const bool named = rule.trigger == ir::TriggerKind::kBecomes || rule.trigger == ir::TriggerKind::kStays;
    if (!effect.move.has_value()) return true;
    const Move& move = *effect.move;
    for (std::uint32_t value = 0; value < move.from.size(); ++value) {
      if (!move.from[value] || move.to == value) continue;
      if (!named) return true;
      const bool was_in = ir::MaskHas(rule.mask, value) && value + 1 < move.from.size();
      const bool from_fits = !rule.from_mask.has_value() || (value + 1 < move.from.size() && ir::MaskHas(*rule.from_mask, value));
      const bool is_in = !move.to.has_value() || (*move.to + 1 < move.from.size() && ir::MaskHas(rule.mask, *move.to));
      if (!was_in && from_fits && is_in) return true;
    }
    return false;
  }

  bool GuardCan(const ir::Rule& rule, const Effect& effect) {
    if (!effect.move.has_value() || !effect.move->to.has_value()) return true;
    return PossibleOf(effect.slot)->Can(rule.condition, true, *effect.move->to);
  }

  bool NodeCanTurn(const ir::Rule& rule, const Effect& effect) {
    if (!effect.move.has_value() || !effect.move->to.has_value()) return true;
    PossibleValues& possible = *PossibleOf(effect.slot);
    const bool rises = rule.trigger == ir::TriggerKind::kNodeRises;
    const std::uint32_t to = *effect.move->to;
    if (!possible.NodeCan(rule.node, rises, to)) return false;
    for (std::uint32_t value = 0; value < effect.move->from.size(); ++value) {
      if (!effect.move->from[value] || value == to) continue;
      if (possible.NodeCan(rule.node, !rises, value) && possible.NodeFeels(rule.node, value, to)) return true;
    }
    return false;
  }

  // The nodes that read the property, themselves or through others; ascending.
  const std::vector<std::uint32_t>& NodesBehind(std::uint32_t slot) {
    const auto found = nodes_behind_.find(slot);
    if (found != nodes_behind_.end()) return found->second;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open = program_.index.nodes_by_property[slot];
    while (!open.empty()) {
      const std::uint32_t node = open.back();
      open.pop_back();
      if (!seen.insert(node).second) continue;
      const std::vector<std::uint32_t>& readers = program_.index.nodes_by_node[node];
      open.insert(open.end(), readers.begin(), readers.end());
    }
    return nodes_behind_[slot] = {seen.begin(), seen.end()};
  }

  const ir::Program& program_;
  std::vector<std::unique_ptr<PossibleValues>> possible_;  // by slot
  std::map<std::uint32_t, std::vector<std::uint32_t>> nodes_behind_;
  std::set<std::uint32_t> connected_;
  EdgeTable table_;
};

}  // namespace

RuleGraph CascadeGraph(const ir::Program& program) { return CascadeGraphBuilder(program).Build(); }

}  // namespace stagecraft::graph
