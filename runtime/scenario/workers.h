// The same work on several threads.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_WORKERS_H_
#define STAGECRAFT_RUNTIME_SCENARIO_WORKERS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace stagecraft::runtime {

inline constexpr std::uint32_t kJobsMax = 64;

// Runs `work` on `jobs` threads (0: as many as the machine has), this one among them, but on no more than there are `items`; returns when
// all of them are done.
template <typename Work>
void RunWorkers(std::uint32_t jobs, std::size_t items, const Work& work) {
  const std::uint32_t wanted = jobs != 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t count = std::min<std::size_t>({wanted, kJobsMax, items});
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < count; ++i) threads.emplace_back([&work] { work(); });
  work();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_WORKERS_H_
