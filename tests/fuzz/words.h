// What the fuzzer writes into the fields of requests: words of the running scripts, and what the server itself has said.
#ifndef STAGECRAFT_TESTS_FUZZ_WORDS_H_
#define STAGECRAFT_TESTS_FUZZ_WORDS_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>

namespace stagecraft::tests {

using Chance = std::minstd_rand;

// Below `bound`, which is not 0.
inline std::uint32_t Below(Chance& chance, std::size_t bound) { return static_cast<std::uint32_t>(chance() % bound); }
inline bool OneIn(Chance& chance, std::size_t count) { return Below(chance, count) == 0; }

class Words {
 public:
  // Keeps what an answer names: resources, page tokens, cursors, etags, ids.
  void Learn(const google::protobuf::Message& answer);
  // What may stand in a field of that name.
  std::string For(const std::string& field, Chance& chance) const;

 private:
  std::map<std::string, std::deque<std::string>> heard_;  // by the field of a request that takes it
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_WORDS_H_
