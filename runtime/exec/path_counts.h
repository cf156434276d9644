// Which ways the rules with branches went: for whoever wants to know what has been tried.
#ifndef STAGECRAFT_RUNTIME_EXEC_PATH_COUNTS_H_
#define STAGECRAFT_RUNTIME_EXEC_PATH_COUNTS_H_

#include <cstdint>
#include <map>
#include <tuple>

namespace stagecraft::runtime {

struct PathCounts {
  // Rule, action, and the action that came after it.
  using Step = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

  void Note(std::uint32_t rule, std::uint32_t action, std::uint32_t next) { ++steps[{rule, action, next}]; }
  // How often `action` of `rule` was followed by `next`.
  std::uint64_t Of(std::uint32_t rule, std::uint32_t action, std::uint32_t next) const {
    const auto found = steps.find({rule, action, next});
    return found == steps.end() ? 0 : found->second;
  }

  std::map<Step, std::uint64_t> steps;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_PATH_COUNTS_H_
