// From a hash to a dense number: open addressing with linear probing, eight bytes a cell. The keys themselves stand
// elsewhere, by number; the caller compares them.
#ifndef STAGECRAFT_RUNTIME_ENGINE_HASH_INDEX_H_
#define STAGECRAFT_RUNTIME_ENGINE_HASH_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace stagecraft::runtime {

// Split into shards that grow each at its own time, so that no insertion waits for millions of others to move.
class HashIndex {
 public:
  // The number inserted under `hash` for which `is_it(number)` holds.
  template <typename IsIt>
  std::optional<std::uint32_t> Find(std::uint64_t hash, const IsIt& is_it) const {
    const Shard& shard = shards_[ShardOf(hash)];
    if (shard.cells.empty()) return std::nullopt;
    const std::uint64_t tag = TagOf(hash);
    const std::size_t mask = shard.cells.size() - 1;
    for (std::size_t at = tag & mask; shard.cells[at] != kEmpty; at = (at + 1) & mask) {
      const std::uint64_t cell = shard.cells[at];
      if (cell >> 32 == tag && is_it(NumberOf(cell))) return NumberOf(cell);
    }
    return std::nullopt;
  }

  // Fetches from memory what Find will look at first.
  void Prefetch(std::uint64_t hash) const {
    const Shard& shard = shards_[ShardOf(hash)];
    if (!shard.cells.empty()) __builtin_prefetch(&shard.cells[TagOf(hash) & (shard.cells.size() - 1)]);
  }

  // `number` must not be there yet, and be below 2^32 - 1.
  void Insert(std::uint64_t hash, std::uint32_t number) {
    Shard& shard = shards_[ShardOf(hash)];
    if ((shard.used + 1) * 4 > shard.cells.size() * 3) Grow(shard);
    Place(shard.cells, TagOf(hash) << 32 | (std::uint64_t{number} + 1));
    ++shard.used;
  }

 private:
  static constexpr std::size_t kShardBits = 9;
  static constexpr std::uint64_t kEmpty = 0;

  // A cell: 32 bits of the hash, then the number plus one. The shard takes other bits than the tag.
  struct Shard {
    std::vector<std::uint64_t> cells;  // a power of two, or none
    std::size_t used = 0;
  };

  static std::size_t ShardOf(std::uint64_t hash) { return hash & ((std::size_t{1} << kShardBits) - 1); }
  static std::uint64_t TagOf(std::uint64_t hash) { return hash >> 32; }
  static std::uint32_t NumberOf(std::uint64_t cell) { return static_cast<std::uint32_t>(cell) - 1; }

  static void Place(std::vector<std::uint64_t>& cells, std::uint64_t cell) {
    const std::size_t mask = cells.size() - 1;
    std::size_t at = (cell >> 32) & mask;
    while (cells[at] != kEmpty) at = (at + 1) & mask;
    cells[at] = cell;
  }

  static void Grow(Shard& shard) {
    std::vector<std::uint64_t> larger(shard.cells.empty() ? 16 : shard.cells.size() * 2, kEmpty);
    for (const std::uint64_t cell : shard.cells) {
      if (cell != kEmpty) Place(larger, cell);
    }
    shard.cells.swap(larger);
  }

  std::array<Shard, std::size_t{1} << kShardBits> shards_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_HASH_INDEX_H_
