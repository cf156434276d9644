// What several threads find wrong: the tests' checks are for one thread.
#ifndef STAGECRAFT_TESTS_FAULT_FAULT_LIST_H_
#define STAGECRAFT_TESTS_FAULT_FAULT_LIST_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace stagecraft::tests {

// One line each.
using Faults = std::vector<std::string>;

class FaultList {
 public:
  void Add(std::string fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
  }
  // An empty one is none.
  void AddAny(std::string fault) {
    if (!fault.empty()) Add(std::move(fault));
  }
  void CheckEqual(std::int64_t found, std::int64_t expected, const std::string& what) {
    if (found != expected) Add(what + ": " + std::to_string(found) + " instead of " + std::to_string(expected));
  }
  Faults Take() { return std::move(faults_); }

 private:
  std::mutex mutex_;
  Faults faults_;
};

// `work(0)` to `work(count - 1)`, each on a thread of its own.
inline void ForEachAtOnce(int count, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_FAULT_LIST_H_
