#include "server/rpc/id_source.h"

#include <fmt/format.h>

#include <random>

namespace stagecraft::server {
namespace {

std::uint64_t Random64() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace

IdSource::IdSource() : process_(Random64()), counter_(Random64()) {}

std::string IdSource::Next() { return fmt::format("{:016x}{:016x}", process_, counter_.fetch_add(1, std::memory_order_relaxed)); }

}  // namespace stagecraft::server
