// A connection to the HTTP port that sends and reads when it is told to.
#ifndef STAGECRAFT_TESTS_FAULT_HTTP_PEER_H_
#define STAGECRAFT_TESTS_FAULT_HTTP_PEER_H_

#include <string>
#include <string_view>

namespace stagecraft::tests {

// Speaks HTTP/1.1. What cannot be sent or read is not there: nothing throws.
class HttpPeer {
 public:
  // Connects to 127.0.0.1.
  explicit HttpPeer(int port);
  ~HttpPeer();
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  void Send(std::string_view bytes);
  // Reads until an answer's head is complete, and returns it; what has come, when the other side is done before.
  std::string ReadHead();
  // All that comes until the other side is done.
  std::string ReadAll();

 private:
  bool ReadSome();

  int socket_ = -1;  // -1: not connected
  std::string read_;
};

// The head of a call by the Connect protocol with JSON. `more`: lines of the head, each with its end.
std::string ConnectHead(std::string_view method, std::size_t body_bytes, std::string_view more);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_HTTP_PEER_H_
