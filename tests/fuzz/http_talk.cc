#include "tests/fuzz/http_talk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

namespace stagecraft::tests {
namespace {

class Socket {
 public:
  explicit Socket(int port) : number_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Leaves nothing behind: there are more requests a minute than ports.
    const linger at_once{1, 0};
    setsockopt(number_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (connect(number_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("the HTTP port takes no connection");
  }
  ~Socket() { close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::string OutOfChunks(std::string_view chunked) {
  std::string body;
  while (true) {
    const std::size_t line = chunked.find("\r\n");
    if (line == std::string_view::npos) return body;
    const std::size_t size = std::strtoul(std::string(chunked.substr(0, line)).c_str(), nullptr, 16);
    chunked.remove_prefix(line + 2);
    if (size == 0 || chunked.size() < size + 2) return body;
    body.append(chunked.substr(0, size));
    chunked.remove_prefix(size + 2);
  }
}

HttpAnswer ReadAnswer(const std::string& heard) {
  HttpAnswer answer;
  constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::size_t begin = heard.rfind(kGoOn, 0) == 0 ? kGoOn.size() : 0;
  const std::size_t end = heard.find("\r\n\r\n", begin);
  if (heard.compare(begin, 7, "HTTP/1.") != 0 || end == std::string::npos) return answer;
  answer.status = std::atoi(heard.c_str() + begin + 9);
  answer.head = heard.substr(begin, end - begin);
  answer.body = heard.substr(end + 4);
  if (answer.head.find("chunked") != std::string::npos) answer.body = OutOfChunks(answer.body);
  return answer;
}

}  // namespace

HttpAnswer HttpTalk::Send(std::string_view bytes) const {
  const Socket socket(port);
  const timeval wait{patience.count() / 1000, static_cast<suseconds_t>(patience.count() % 1000 * 1000)};
  setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // it has heard enough
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  if (hangs_up) shutdown(socket.number(), SHUT_WR);
  std::string heard;
  char piece[16'384];
  ssize_t size = 0;
  while ((size = recv(socket.number(), piece, sizeof piece, 0)) > 0) {
    heard.append(piece, static_cast<std::size_t>(size));
    if (leaves_early) break;
  }
  HttpAnswer answer = ReadAnswer(heard);
  answer.has_ended = size >= 0 || errno == ECONNRESET;
  return answer;
}

}  // namespace stagecraft::tests
