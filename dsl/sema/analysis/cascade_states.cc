#include "dsl/sema/analysis/cascade_states.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "dsl/sema/analysis/moves.h"

namespace stagecraft::sema {

namespace {

constexpr std::size_t kStatesMax = 1024;
constexpr std::size_t kPairsMax = 4096;
constexpr std::size_t kTogetherMax = 8;  // units that may act in one round
constexpr int kSearchesMax = 20'000;     // for one circle

// Actions of one rule that stand in the same branch.
struct Unit {
  std::uint32_t rule = 0;
  const std::vector<Goal>* path = nullptr;
  std::vector<const Write*> writes;
};

// A value of a property as a number of its own domain.
struct ValueSet {
  IntervalSet numbers;
  Held held;
  bool unset = false;
};

class Explorer {
 public:
  Explorer(const Facts& facts, const CascadeGraph& graph, const CascadePart& part) : facts_(facts), graph_(graph), part_(part) {}

  CircleStates Run() {
    if (!CollectUnits() || !CollectDomains()) return std::move(result_);
    changes_ = facts_.ChangesOf(result_.properties);
    if (!ExploreStates()) return std::move(result_);
    if (circular_.empty()) {
      result_.outcome = CircleStates::Outcome::kEnds;
    } else {
      ExplorePairs();
    }
    // What comes in later rounds, from states of which nothing is known, was not looked at.
    if (result_.outcome == CircleStates::Outcome::kEnds && later_) result_.outcome = CircleStates::Outcome::kNotTold;
    return std::move(result_);
  }

 private:
  using State = std::vector<std::uint16_t>;  // by property: number of a value
  struct Edge {
    std::size_t to = 0;
    std::vector<std::uint32_t> rules;
  };

  bool CollectUnits() {
    std::set<Symbol> written;
    for (const std::uint32_t rule : part_.rules) {
      for (const Write* write : graph_.writes[rule]) {
        if (IsLater(*write, rule)) {
          later_ = later_ || SetsOffOne(*write);
          continue;
        }
        const bool finite = write->kind == Write::Kind::kConstant || write->kind == Write::Kind::kClear;
        if (!finite || IsText(facts_.vocabulary().property(write->property).type)) return false;
        written.insert(write->property);
        const auto same = [&](const Unit& unit) {
          return unit.rule == rule && unit.path->size() == write->path.size() && SamePath(*unit.path, write->path);
        };
        const auto unit = std::find_if(units_.begin(), units_.end(), same);
        if (unit != units_.end()) {
          unit->writes.push_back(write);
        } else {
          units_.push_back({rule, &write->path, {write}});
        }
      }
    }
    result_.properties.assign(written.begin(), written.end());
    return !units_.empty();
  }

  // Does a rule of the part look at what is written?
  bool SetsOffOne(const Write& write) const {
    return std::any_of(part_.rules.begin(), part_.rules.end(), [&](std::uint32_t rule) {
      const Reads& reads = facts_.rules()[rule].trigger;
      return IsAmong(reads.properties, write.property) || IsAmong(reads.since, write.property);
    });
  }

  static bool SamePath(const std::vector<Goal>& left, const std::vector<Goal>& right) {
    return std::equal(left.begin(), left.end(), right.begin(),
                      [](const Goal& a, const Goal& b) { return a.condition == b.condition && a.holds == b.holds; });
  }

  bool CollectDomains() {
    std::size_t states = 1;
    for (const Symbol property : result_.properties) {
      const PropertySymbol& symbol = facts_.vocabulary().property(property);
      std::vector<ValueSet> values{{IntervalSet::All(), std::nullopt, true}};
      std::set<std::int64_t> constants;
      if (symbol.type == Type::kOption) {
        for (std::size_t i = 0; i < symbol.options.options.size(); ++i) constants.insert(static_cast<std::int64_t>(i));
      } else if (symbol.type == Type::kTruth) {
        constants = {0, 1};
      } else {
        for (const Unit& unit : units_) {
          for (const Write* write : unit.writes) {
            if (write->property == property && write->kind == Write::Kind::kConstant) constants.insert(write->constant);
          }
        }
        IntervalSet others = IntervalSet::All();
        for (const std::int64_t constant : constants) others.IntersectWith(IntervalSet::Between(constant, constant).Complement());
        const std::int64_t example = others.Nearest();
        values.push_back({std::move(others), example, false});
      }
      for (const std::int64_t constant : constants) values.push_back({IntervalSet::Between(constant, constant), constant, false});
      states *= values.size();
      if (states > kStatesMax) return false;
      domains_.push_back(std::move(values));
    }
    states_ = states;
    return true;
  }

  State StateAt(std::size_t number) const {
    State state;
    for (const std::vector<ValueSet>& domain : domains_) {
      state.push_back(static_cast<std::uint16_t>(number % domain.size()));
      number /= domain.size();
    }
    return state;
  }
  std::size_t NumberOf(const State& state) const {
    std::size_t number = 0;
    for (std::size_t i = state.size(); i-- > 0;) number = number * domains_[i].size() + state[i];
    return number;
  }
  HeldState HeldAt(std::size_t number) const {
    const State state = StateAt(number);
    HeldState held;
    for (std::size_t i = 0; i < state.size(); ++i) held.push_back(domains_[i][state[i]].held);
    return held;
  }

  void AddState(const State& state, std::uint32_t version, Query& query) const {
    for (std::size_t i = 0; i < state.size(); ++i) {
      const ValueSet& value = domains_[i][state[i]];
      query.pins.push_back({Guards::Of(result_.properties[i], version), value.numbers, std::nullopt, value.unset, !value.unset});
    }
  }

  // Can it act when the contact comes from `before` (nullptr: from anywhere) to `now`? False is a proof.
  bool MayAct(const Unit& unit, const State* before, const State& now) {
    ++searches_;
    Query query;
    if (!facts_.AddFiring(*facts_.rules()[unit.rule].rule, 0, {nullptr, &changes_}, query)) return false;
    for (const Goal& goal : *unit.path) query.goals.push_back({goal.condition, goal.holds, &changes_});
    AddState(now, changes_.version, query);
    if (before != nullptr) AddState(*before, 0, query);
    return !facts_.guards().Impossible(query);
  }

  // What comes of it when these act: the first writer of a property has it, and a rule may overwrite itself.
  State Apply(const State& state, const std::vector<const Unit*>& acting) const {
    State next = state;
    std::vector<std::int64_t> owner(state.size(), -1);
    for (const Unit* unit : acting) {
      for (const Write* write : unit->writes) {
        const auto place = std::find(result_.properties.begin(), result_.properties.end(), write->property);
        const auto i = static_cast<std::size_t>(place - result_.properties.begin());
        if (owner[i] != -1 && owner[i] != unit->rule) continue;
        const std::vector<ValueSet>& domain = domains_[i];
        std::size_t value = 0;
        if (write->kind == Write::Kind::kConstant) {
          while (domain[value].unset || !(domain[value].numbers == IntervalSet::Between(write->constant, write->constant))) ++value;
          const Held& held = domain[next[i]].held;
          const PropertySymbol& property = facts_.vocabulary().property(write->property);
          const bool refused = property.type == Type::kOption && held.has_value() && write->set != nullptr && !write->set->back_to &&
                               IsRefusedBackward(property, static_cast<std::uint32_t>(*held), static_cast<std::uint32_t>(write->constant));
          if (refused) continue;
        }
        owner[i] = unit->rule;
        next[i] = static_cast<std::uint16_t>(value);
      }
    }
    return next;
  }

  // The states that can follow, with the rules that lead there. False: too much to look at.
  bool Follow(const State* before, const State& now, std::vector<Edge>& edges) {
    std::vector<const Unit*> able;
    for (const Unit& unit : units_) {
      if (MayAct(unit, before, now)) able.push_back(&unit);
    }
    if (able.size() > kTogetherMax || searches_ > kSearchesMax) return false;
    for (std::uint32_t subset = 1; subset < (1U << able.size()); ++subset) {
      std::vector<const Unit*> acting;
      std::vector<std::uint32_t> rules;
      for (std::size_t i = 0; i < able.size(); ++i) {
        if ((subset >> i & 1U) == 0) continue;
        acting.push_back(able[i]);
        if (rules.empty() || rules.back() != able[i]->rule) rules.push_back(able[i]->rule);
      }
      const std::size_t to = NumberOf(Apply(now, acting));
      if (to == NumberOf(now)) continue;
      const auto same = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) { return edge.to == to; });
      if (same == edges.end()) {
        edges.push_back({to, std::move(rules)});
      } else if (rules.size() < same->rules.size()) {
        same->rules = std::move(rules);
      }
    }
    return true;
  }

  // First without asking where the contact comes from: what no course can come back to needs no second look.
  bool ExploreStates() {
    std::vector<std::vector<Edge>> edges(states_);
    for (std::size_t number = 0; number < states_; ++number) {
      if (!Follow(nullptr, StateAt(number), edges[number])) return false;
    }
    result_.rounds = Peel(edges, circular_);
    return true;
  }

  // Takes away, again and again, what nothing follows; what is left is on the way to a circle. Returns the length of the longest course
  // among what was taken away.
  static int Peel(const std::vector<std::vector<Edge>>& edges, std::vector<std::size_t>& left) {
    std::vector<std::vector<std::size_t>> from(edges.size());
    std::vector<std::size_t> open(edges.size());
    std::vector<int> length(edges.size(), 1);
    std::deque<std::size_t> done;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      open[i] = edges[i].size();
      for (const Edge& edge : edges[i]) from[edge.to].push_back(i);
      if (open[i] == 0) done.push_back(i);
    }
    int longest = 0;
    std::vector<bool> gone(edges.size(), false);
    while (!done.empty()) {
      const std::size_t node = done.front();
      done.pop_front();
      gone[node] = true;
      longest = std::max(longest, length[node]);
      for (const std::size_t before : from[node]) {
        length[before] = std::max(length[before], length[node] + 1);
        if (--open[before] == 0) done.push_back(before);
      }
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (!gone[i]) left.push_back(i);
    }
    return longest;
  }

  // Then with the round before: a rule fires when something becomes so.
  void ExplorePairs() {
    const std::size_t count = circular_.size();
    if (count * count > kPairsMax) return;
    const auto place_of = [&](std::size_t state) -> std::optional<std::size_t> {
      const auto place = std::lower_bound(circular_.begin(), circular_.end(), state);
      if (place == circular_.end() || *place != state) return std::nullopt;
      return static_cast<std::size_t>(place - circular_.begin());
    };
    std::vector<std::vector<Edge>> edges(count * count);
    for (std::size_t before = 0; before < count; ++before) {
      for (std::size_t now = 0; now < count; ++now) {
        if (before == now) continue;
        const State from = StateAt(circular_[before]);
        std::vector<Edge> next;
        if (!Follow(&from, StateAt(circular_[now]), next)) return;
        for (Edge& edge : next) {
          const std::optional<std::size_t> to = place_of(edge.to);
          if (to.has_value()) edges[before * count + now].push_back({now * count + *to, std::move(edge.rules)});
        }
      }
    }
    std::vector<std::size_t> left;
    result_.rounds += Peel(edges, left);
    if (left.empty()) {
      result_.outcome = CircleStates::Outcome::kEnds;
      return;
    }
    FindCircle(edges, left, count);
  }

  // Breadth first from each pair that is left; the shortest way back wins, the first among equals.
  void FindCircle(const std::vector<std::vector<Edge>>& edges, const std::vector<std::size_t>& left, std::size_t count) {
    std::vector<std::size_t> best;
    for (const std::size_t start : left) {
      std::map<std::size_t, std::size_t> came_from;
      std::deque<std::size_t> open{start};
      bool back = false;
      while (!open.empty() && !back) {
        const std::size_t node = open.front();
        open.pop_front();
        for (const Edge& edge : edges[node]) {
          if (edge.to == start) {
            came_from[start] = node;
            back = true;
            break;
          }
          if (edge.to != start && came_from.emplace(edge.to, node).second) open.push_back(edge.to);
        }
      }
      if (!back) continue;
      std::vector<std::size_t> path;
      std::size_t node = start;
      do {
        node = came_from.at(node);
        path.push_back(node);
      } while (node != start);
      std::reverse(path.begin(), path.end());
      if (best.empty() || path.size() < best.size()) best = std::move(path);
      if (best.size() == 2) break;
    }
    if (best.empty()) return;
    result_.outcome = CircleStates::Outcome::kCircle;
    for (std::size_t i = 0; i < best.size(); ++i) {
      const std::size_t next = best[(i + 1) % best.size()];
      const auto edge = std::find_if(edges[best[i]].begin(), edges[best[i]].end(), [&](const Edge& one) { return one.to == next; });
      result_.circle.push_back({HeldAt(circular_[best[i] / count]), HeldAt(circular_[best[i] % count]), edge->rules});
    }
  }

  const Facts& facts_;
  const CascadeGraph& graph_;
  const CascadePart& part_;
  CircleStates result_;
  std::vector<Unit> units_;
  std::vector<std::vector<ValueSet>> domains_;  // by property
  std::size_t states_ = 0;
  std::vector<std::size_t> circular_;  // states that may come back, ascending
  Changes changes_;
  int searches_ = 0;
  bool later_ = false;  // rules of the circle may be set off by what is written in later rounds
};

}  // namespace

CircleStates ExploreCircle(const Facts& facts, const CascadeGraph& graph, const CascadePart& part) {
  return Explorer(facts, graph, part).Run();
}

}  // namespace stagecraft::sema
