// Work on a large script that is done beside the caller's own, on a thread of its own.
#ifndef STAGECRAFT_DSL_SUPPORT_BESIDE_H_
#define STAGECRAFT_DSL_SUPPORT_BESIDE_H_

#include <cstddef>
#include <future>
#include <system_error>
#include <utility>

namespace stagecraft {

// From so many rules on a second thread is worth its start.
inline constexpr std::size_t kManyRules = 500;

// What `work` gives: done on a thread of its own, else by the caller itself when it asks for it (and not at all when it does not).
template <typename Work>
auto Beside(bool worth_a_thread, Work work) {
  if (worth_a_thread) {
    try {
      return std::async(std::launch::async, work);
    } catch (const std::system_error&) {
      // No thread can be had: what follows does without.
    }
  }
  return std::async(std::launch::deferred, std::move(work));
}

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_BESIDE_H_
