// Bytes to the HTTP port on a connection of their own, and what comes back.
#ifndef STAGECRAFT_TESTS_FUZZ_HTTP_TALK_H_
#define STAGECRAFT_TESTS_FUZZ_HTTP_TALK_H_

#include <chrono>
#include <string>
#include <string_view>

namespace stagecraft::tests {

struct HttpAnswer {
  int status = 0;         // of the first answer; 0: there was none
  std::string head;       // of the first
  std::string body;       // and what follows it, out of its chunks
  bool has_ended = true;  // false: the server kept the connection for longer than was waited
};

struct HttpTalk {
  int port = 0;
  std::chrono::milliseconds patience{0};  // between two pieces of the answer
  bool hangs_up = false;                  // says that no more comes, as soon as all is sent
  bool leaves_early = false;              // after the first piece of the answer

  HttpAnswer Send(std::string_view bytes) const;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_HTTP_TALK_H_
