// What could not be taken out of files of which nobody knows how large they are.
#ifndef STAGECRAFT_CLI_PROBLEMS_H_
#define STAGECRAFT_CLI_PROBLEMS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace stagecraft::cli {

// So many are shown; nobody reads more, and a file may hold millions.
inline constexpr std::size_t kProblemsShown = 20;

// The first kProblemsShown of what is added, and how many there were.
template <typename Problem>
class Problems {
 public:
  void Add(Problem problem) {
    ++count_;
    if (first_.size() < kProblemsShown) first_.push_back(std::move(problem));
  }

  const std::vector<Problem>& first() const { return first_; }
  std::uint64_t count() const { return count_; }

 private:
  std::vector<Problem> first_;
  std::uint64_t count_ = 0;
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_PROBLEMS_H_
