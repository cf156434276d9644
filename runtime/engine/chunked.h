// A sequence that only grows at its end (and may lose its last element again). Elements never move, and no push copies others.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CHUNKED_H_
#define STAGECRAFT_RUNTIME_ENGINE_CHUNKED_H_

#include <cstddef>
#include <utility>
#include <vector>

namespace stagecraft::runtime {

template <typename T>
class Chunked {
 public:
  static constexpr std::size_t kChunk = 1024;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  const T& back() const { return (*this)[size_ - 1]; }

  template <typename... Args>
  T& emplace_back(Args&&... args) {
    if (size_ == chunks_.size() * kChunk) chunks_.emplace_back().reserve(kChunk);
    T& made = chunks_[size_ / kChunk].emplace_back(std::forward<Args>(args)...);
    ++size_;
    return made;
  }

  void pop_back() {
    --size_;
    chunks_[size_ / kChunk].pop_back();
    if (chunks_.back().empty()) chunks_.pop_back();
  }

 private:
  std::vector<std::vector<T>> chunks_;  // each reserves kChunk, so that it never moves its elements
  std::size_t size_ = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CHUNKED_H_
