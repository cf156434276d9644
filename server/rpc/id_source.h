// Ids for callers that give none. Unique, also after a restart; never part of a decision.
#ifndef STAGECRAFT_SERVER_RPC_ID_SOURCE_H_
#define STAGECRAFT_SERVER_RPC_ID_SOURCE_H_

#include <atomic>
#include <cstdint>
#include <string>

namespace stagecraft::server {

// Thread-safe.
class IdSource {
 public:
  IdSource();

  // 32 hexadecimal digits: 64 random bits of this process, then a counter that began at a random place.
  std::string Next();

 private:
  std::uint64_t process_;
  std::atomic<std::uint64_t> counter_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ID_SOURCE_H_
