#include "dsl/sema/analysis/cascade_graph.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {

bool CanFollow(const Rule& rule) { return ActsAtOnce(rule) && !IsTimed(rule.trigger) && rule.trigger.kind != Trigger::Kind::kEvent; }

namespace {

// Tarjan's components, with a stack of its own: chains may be longer than the machine's stack is deep.
class Components {
 public:
  explicit Components(const std::vector<std::vector<std::uint32_t>>& next) : next_(next), state_(next.size()) {}

  std::vector<std::vector<std::uint32_t>> Run() {
    for (std::uint32_t node = 0; node < next_.size(); ++node) {
      if (state_[node].index == 0) Visit(node);
    }
    return std::move(result_);
  }

 private:
  struct State {
    std::uint32_t index = 0;  // from 1; 0: not seen
    std::uint32_t low = 0;
    bool open = false;
    std::size_t at = 0;
  };

  void Open(std::uint32_t node) {
    state_[node].index = state_[node].low = ++count_;
    state_[node].open = true;
    stack_.push_back(node);
    path_.push_back(node);
  }

  void Visit(std::uint32_t root) {
    Open(root);
    while (!path_.empty()) {
      const std::uint32_t node = path_.back();
      if (state_[node].at < next_[node].size()) {
        const std::uint32_t to = next_[node][state_[node].at++];
        if (state_[to].index == 0) {
          Open(to);
        } else if (state_[to].open) {
          state_[node].low = std::min(state_[node].low, state_[to].index);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) state_[path_.back()].low = std::min(state_[path_.back()].low, state_[node].low);
      if (state_[node].low == state_[node].index) Close(node);
    }
  }

  void Close(std::uint32_t node) {
    std::vector<std::uint32_t> part;
    while (true) {
      const std::uint32_t member = stack_.back();
      stack_.pop_back();
      state_[member].open = false;
      part.push_back(member);
      if (member == node) break;
    }
    std::sort(part.begin(), part.end());
    result_.push_back(std::move(part));
  }

  const std::vector<std::vector<std::uint32_t>>& next_;
  std::vector<State> state_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::uint32_t> path_;
  std::uint32_t count_ = 0;
  std::vector<std::vector<std::uint32_t>> result_;
};

class Builder {
 public:
  explicit Builder(const Facts& facts) : facts_(facts) {}

  CascadeGraph Run() {
    const std::size_t rules = facts_.rules().size();
    graph_.writes.resize(rules);
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      std::vector<std::uint32_t> seen;
      if (!facts_.rules()[rule].rule->disabled && facts_.rules()[rule].rule->kind == Rule::Kind::kRule) CollectWrites(rule, rule, seen);
    }
    CollectFollowers();
    CollectChanges();
    Connect();
    Refine();
    return std::move(graph_);
  }

 private:
  // Beyond that, circles are looked at without asking the guards of each pair first.
  static constexpr std::size_t kRefineMax = 96;

  void CollectWrites(std::uint32_t rule, std::uint32_t from, std::vector<std::uint32_t>& seen) {
    if (std::count(seen.begin(), seen.end(), from) != 0) return;
    seen.push_back(from);
    for (const Write& write : facts_.rules()[from].writes) {
      if (write.same_record) graph_.writes[rule].push_back(&write);
    }
    for (const Write& write : facts_.rules()[from].deals) {
      if (write.same_record && IsRead(write.property)) graph_.writes[rule].push_back(&write);
    }
    for (const std::uint32_t sequence : facts_.rules()[from].enrols) {
      CollectWrites(rule, sequence, seen);
    }
  }

  // Does any rule ask for it, to begin or on its way?
  bool IsRead(Symbol property) const {
    const auto mentions = [&](const Condition& condition) { return facts_.Mentions(condition, property); };
    return std::any_of(facts_.rules().begin(), facts_.rules().end(), [&](const RuleFacts& rule) {
      if (IsAmong(rule.trigger.properties, property) || mentions(rule.rule->guard)) return true;
      if (rule.rule->until.has_value() && mentions(*rule.rule->until)) return true;
      return std::any_of(rule.writes.begin(), rule.writes.end(), [&](const Write& write) {
        return std::any_of(write.path.begin(), write.path.end(), [&](const Goal& goal) { return mentions(*goal.condition); });
      });
    });
  }

  // Other rules of a round may change whatever any rule writes.
  void CollectChanges() {
    std::vector<Symbol> changed;
    for (const std::vector<const Write*>& writes : graph_.writes) {
      for (const Write* write : writes) changed.push_back(write->property);
    }
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    graph_.changes = facts_.ChangesOf(std::move(changed));
  }

  // By property: who asks for certain options of it, and who for any change.
  struct Followers {
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_option;
    std::vector<std::uint32_t> any;
  };

  void CollectFollowers() {
    followers_.resize(facts_.vocabulary().properties().size());
    for (std::uint32_t rule = 0; rule < facts_.rules().size(); ++rule) {
      const Rule& source = *facts_.rules()[rule].rule;
      if (!CanFollow(source)) continue;
      if (source.trigger.kind == Trigger::Kind::kBecomes) {
        for (const std::uint32_t option : source.trigger.options) followers_[source.trigger.symbol].by_option[option].push_back(rule);
        continue;
      }
      for (const Symbol property : facts_.rules()[rule].trigger.properties) followers_[property].any.push_back(rule);
      for (const Symbol property : facts_.rules()[rule].trigger.since) followers_[property].any.push_back(rule);
    }
  }

  // The rules that a write can set off share their lists: a node of its own for each (property, value) keeps the graph small.
  void Connect() {
    graph_.nodes.resize(graph_.writes.size());
    std::map<std::pair<Symbol, std::int64_t>, std::uint32_t> values;
    constexpr std::int64_t kAnyValue = -1;
    for (std::uint32_t rule = 0; rule < graph_.writes.size(); ++rule) {
      for (const Write* write : graph_.writes[rule]) {
        const Followers& followers = followers_[write->property];
        if (followers.any.empty() && followers.by_option.empty()) continue;
        const bool known = write->kind == Write::Kind::kConstant && facts_.vocabulary().property(write->property).type == Type::kOption;
        if (write->kind == Write::Kind::kClear && followers.any.empty()) continue;
        const std::int64_t value = known ? write->constant : kAnyValue;
        const auto [place, added] = values.emplace(std::pair(write->property, value), static_cast<std::uint32_t>(graph_.nodes.size()));
        if (added) AddValueNode(followers, value, known);
        graph_.nodes[rule].push_back(place->second);
      }
    }
  }

  void AddValueNode(const Followers& followers, std::int64_t value, bool known) {
    std::vector<std::uint32_t> to = followers.any;
    for (const auto& [option, rules] : followers.by_option) {
      if (!known || option == value) to.insert(to.end(), rules.begin(), rules.end());
    }
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
    graph_.nodes.push_back(std::move(to));
  }

  // The components; those that are circles at first sight are taken apart by what guards and values exclude.
  void Refine() {
    const auto rules = static_cast<std::uint32_t>(graph_.writes.size());
    std::vector<std::uint32_t> group_of(graph_.nodes.size(), 0);
    for (const std::vector<std::uint32_t>& nodes : Components(graph_.nodes).Run()) {
      const auto number = static_cast<std::uint32_t>(graph_.groups.size());
      CascadeGroup group;
      for (const std::uint32_t node : nodes) {
        group_of[node] = number;
        for (const std::uint32_t to : graph_.nodes[node]) {
          if (!std::binary_search(nodes.begin(), nodes.end(), to)) group.next.push_back(group_of[to]);
        }
      }
      std::vector<std::uint32_t> members = nodes;
      members.erase(std::remove_if(members.begin(), members.end(), [&](std::uint32_t node) { return node >= rules; }), members.end());
      if (!members.empty()) TakeApart(std::move(members), nodes.size() > 1, group);
      graph_.groups.push_back(std::move(group));
    }
  }

  void TakeApart(std::vector<std::uint32_t> rules, bool circle, CascadeGroup& group) const {
    if (!circle) {
      group.parts.push_back({std::move(rules), circle});
      return;
    }
    const std::vector<std::vector<std::uint32_t>> inner = rules.size() > kRefineMax ? CoarseEdges(rules) : FineEdges(rules);
    for (const std::vector<std::uint32_t>& smaller : Components(inner).Run()) {
      const std::uint32_t first = smaller.front();
      CascadePart part;
      part.circle = smaller.size() > 1 || std::count(inner[first].begin(), inner[first].end(), first) != 0;
      for (const std::uint32_t member : smaller) part.rules.push_back(rules[member]);
      group.parts.push_back(std::move(part));
    }
  }

  // A rule that fires once in a record ends every circle that it stands in: nothing follows from it here.
  bool EndsCircles(std::uint32_t rule) const { return facts_.rules()[rule].once_in_record; }

  std::vector<std::vector<std::uint32_t>> FineEdges(const std::vector<std::uint32_t>& rules) const {
    std::vector<std::vector<std::uint32_t>> edges(rules.size());
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
      for (std::uint32_t j = 0; j < rules.size() && !EndsCircles(rules[i]); ++j) {
        if (SetsOff(facts_, graph_, rules[i], rules[j])) edges[i].push_back(j);
      }
    }
    return edges;
  }

  std::vector<std::vector<std::uint32_t>> CoarseEdges(const std::vector<std::uint32_t>& rules) const {
    std::vector<std::vector<std::uint32_t>> edges(rules.size());
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
      if (EndsCircles(rules[i])) continue;
      for (const std::uint32_t value : graph_.nodes[rules[i]]) {
        for (const std::uint32_t to : graph_.nodes[value]) {
          const auto place = std::lower_bound(rules.begin(), rules.end(), to);
          if (place != rules.end() && *place == to) edges[i].push_back(static_cast<std::uint32_t>(place - rules.begin()));
        }
      }
      std::sort(edges[i].begin(), edges[i].end());
      edges[i].erase(std::unique(edges[i].begin(), edges[i].end()), edges[i].end());
    }
    return edges;
  }

  const Facts& facts_;
  CascadeGraph graph_;
  std::vector<Followers> followers_;
};

// It has another value after the write than before. False where nothing is written.
bool AddValue(const Facts& facts, const Write& write, const Changes& changes, Query& query) {
  Pin after{Guards::Of(write.property, changes.version), IntervalSet::All(), std::nullopt, true, true};
  Pin before{Guards::Of(write.property), IntervalSet::All(), std::nullopt, true, true};
  if (write.kind == Write::Kind::kClear) {
    after.may_be_set = false;
    before.may_be_unset = false;
  } else if (write.kind == Write::Kind::kConstant) {
    after.values = IntervalSet::Between(write.constant, write.constant);
    after.may_be_unset = false;
    before.values = after.values.Complement();
  } else if (write.kind == Write::Kind::kText) {
    after.text = FoldCase(write.text);
    after.may_be_unset = false;
  } else if (write.kind == Write::Kind::kRotation) {
    if (SetsNothing(facts, write)) return false;
    after.may_be_unset = false;
  }
  query.pins.push_back(std::move(after));
  query.pins.push_back(std::move(before));
  return true;
}

}  // namespace

bool SetsOff(const Facts& facts, const CascadeGraph& graph, std::uint32_t from, std::uint32_t to) {
  const Rule& source = *facts.rules()[from].rule;
  const Rule& target = *facts.rules()[to].rule;
  if (!CanFollow(target)) return false;
  const Reads& reads = facts.rules()[to].trigger;
  for (const Write* write : graph.writes[from]) {
    if (!IsAmong(reads.properties, write->property) && !IsAmong(reads.since, write->property)) continue;
    // What comes later comes from a state of which the trigger says nothing any more.
    const bool later = IsLater(*write, from);
    // It may set off the rule of another contact of the company, of which trigger and branches say nothing at all.
    const bool elsewhere = facts.vocabulary().property(write->property).IsOfCompany();
    for (std::size_t match = 0; match < (later || elsewhere ? 1 : MatchesOf(source.trigger)); ++match) {
      Query query;
      if (!later && !elsewhere) facts.AddFiring(source, match, {}, query);
      if (!elsewhere) query.goals.insert(query.goals.end(), write->path.begin(), write->path.end());
      facts.AddFiring(target, 0, {nullptr, &graph.changes}, query);
      if (AddValue(facts, *write, graph.changes, query) && !facts.guards().Impossible(query)) return true;
    }
  }
  return false;
}

CascadeGraph BuildCascadeGraph(const Facts& facts) { return Builder(facts).Run(); }

}  // namespace stagecraft::sema
