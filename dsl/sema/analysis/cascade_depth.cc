#include "dsl/sema/analysis/cascade_depth.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace stagecraft::sema {

namespace {

constexpr int kPairsMax = 20'000;

// What a rule writes behind a wait or by a sequence comes later by so much at least.
constexpr int kLaterRounds = 1;

int LaterRounds(const CascadeGraph& graph, const CascadePart& part) {
  if (part.circle) return 0;
  const std::uint32_t rule = part.rules.front();
  const std::vector<const Write*>& writes = graph.writes[rule];
  return std::any_of(writes.begin(), writes.end(), [&](const Write* write) { return IsLater(*write, rule); }) ? kLaterRounds : 0;
}

class Chains {
 public:
  Chains(const Facts& facts, const CascadeGraph& graph, const PartRounds& rounds) : facts_(facts), graph_(graph) {
    place_of_.resize(graph.writes.size(), 0);
    for (std::size_t group = 0; group < graph.groups.size(); ++group) {
      for (std::size_t part = 0; part < graph.groups[group].parts.size(); ++part) {
        for (const std::uint32_t rule : graph.groups[group].parts[part].rules) place_of_[rule] = places_.size();
        places_.push_back({&graph.groups[group].parts[part], rounds[group][part], std::nullopt, 0});
      }
    }
  }

  Chain Run() {
    Chain chain;
    std::optional<std::size_t> deepest;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      Extend(i);
      if (!deepest.has_value() || places_[i].depth > places_[*deepest].depth) deepest = i;
    }
    chain.complete = asked_ <= kPairsMax;
    if (!deepest.has_value()) return chain;
    chain.rounds = places_[*deepest].depth;
    for (std::optional<std::size_t> at = deepest; at.has_value(); at = places_[*at].next) {
      chain.rules.push_back(places_[*at].part->rules.front());
    }
    return chain;
  }

 private:
  struct Place {
    const CascadePart* part = nullptr;
    int depth = 0;  // the part's own rounds, then those of what follows as well
    std::optional<std::size_t> next;
    int after = 0;
  };

  // Parts that come later in the order cannot follow.
  void Extend(std::size_t at) {
    Place& place = places_[at];
    for (const std::uint32_t rule : place.part->rules) {
      for (const std::uint32_t value : graph_.nodes[rule]) {
        for (const std::uint32_t to : graph_.nodes[value]) {
          const std::size_t next = place_of_[to];
          if (next >= at || places_[next].depth <= place.after || asked_ > kPairsMax) continue;
          ++asked_;
          if (!SetsOff(facts_, graph_, rule, to)) continue;
          place.after = places_[next].depth;
          place.next = next;
        }
      }
    }
    if (place.next.has_value()) place.depth += place.after + LaterRounds(graph_, *place.part);
  }

  const Facts& facts_;
  const CascadeGraph& graph_;
  std::vector<Place> places_;          // parts, in an order in which what follows stands before
  std::vector<std::size_t> place_of_;  // by rule
  int asked_ = 0;
};

}  // namespace

int DepthBound(const CascadeGraph& graph, const PartRounds& rounds) {
  std::vector<int> depth(graph.groups.size(), 0);
  int longest = 0;
  for (std::size_t i = 0; i < graph.groups.size(); ++i) {
    for (const std::uint32_t next : graph.groups[i].next) depth[i] = std::max(depth[i], depth[next]);
    for (const int own : rounds[i]) depth[i] += own + kLaterRounds;
    longest = std::max(longest, depth[i]);
  }
  return longest;
}

Chain LongestChain(const Facts& facts, const CascadeGraph& graph, const PartRounds& rounds) { return Chains(facts, graph, rounds).Run(); }

}  // namespace stagecraft::sema
