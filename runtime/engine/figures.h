// What the engine counts of its own work since it was started, for whoever watches over it.
#ifndef STAGECRAFT_RUNTIME_ENGINE_FIGURES_H_
#define STAGECRAFT_RUNTIME_ENGINE_FIGURES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class View;

// How often a value was how large.
template <std::size_t kBounds>
class Distribution {
 public:
  // `bounds`: ascending; a value counts with the first that it does not pass.
  explicit constexpr Distribution(const std::array<double, kBounds>& bounds) : bounds_(bounds) {}

  void Add(double value) {
    ++counts_[static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin())];
    sum_ += value;
  }
  const std::array<double, kBounds>& bounds() const { return bounds_; }
  // By bound; the last: beyond all.
  const std::array<std::uint64_t, kBounds + 1>& counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  std::array<double, kBounds> bounds_;
  std::array<std::uint64_t, kBounds + 1> counts_{};
  double sum_ = 0;
};

// A commit takes some tenths of a millisecond on a good disk, and a second on one that is in trouble.
inline constexpr std::array<double, 10> kCommitSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5};
inline constexpr std::array<double, 8> kCommitRecords = {1, 4, 16, 64, 256, 1024, 4096, 16384};
// A timer waits for its contact to be quiet, some seconds; beyond, the engine is behind.
inline constexpr std::array<double, 9> kLatenessSeconds = {0.01, 0.1, 1, 5, 10, 30, 60, 600, 3600};

// What is decided, by the thread that decides it.
struct Decided {
  std::array<std::uint64_t, 4> events{};  // by EventState
  std::uint64_t records = 0;
  std::uint64_t rounds = 0;                // in which rules fired, of all records
  std::vector<std::uint64_t> rules_fired;  // by rule
  Distribution<kLatenessSeconds.size()> timer_lateness{kLatenessSeconds};
};

struct EngineFigures {
  Decided decided;
  Distribution<kCommitSeconds.size()> commit_seconds{kCommitSeconds};
  Distribution<kCommitRecords.size()> commit_records{kCommitRecords};
  std::uint64_t inbox_events = 0;  // waiting now
  StoreSize store;
};

// By rule and file. Rules without a name are known by their triggers, which several may have.
std::map<std::pair<std::string, std::string>, std::uint64_t> FiringsByRule(const EngineFigures& figures, const ir::Program& program);

// For how long the oldest of what is to be sent has been waiting; 0: nothing is. Microseconds.
Micros OutboxAge(const View& view);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_FIGURES_H_
