#include "tests/fault/http_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

namespace stagecraft::tests {

HttpPeer::HttpPeer(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return;
  close(socket_);
  socket_ = -1;
}

HttpPeer::~HttpPeer() {
  if (socket_ != -1) close(socket_);
}

void HttpPeer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool HttpPeer::ReadSome() {
  std::array<char, 4096> some;  // NOLINT(cppcoreguidelines-pro-type-member-init): only written
  const ssize_t size = recv(socket_, some.data(), some.size(), 0);
  if (size > 0) read_.append(some.data(), static_cast<std::size_t>(size));
  return size > 0;
}

std::string HttpPeer::ReadHead() {
  while (read_.find("\r\n\r\n") == std::string::npos) {
    if (!ReadSome()) return std::exchange(read_, {});
  }
  const std::size_t size = read_.find("\r\n\r\n") + 4;
  std::string head = read_.substr(0, size);
  read_.erase(0, size);
  return head;
}

std::string HttpPeer::ReadAll() {
  while (ReadSome()) continue;
  return std::exchange(read_, {});
}

std::string ConnectHead(std::string_view method, std::size_t body_bytes, std::string_view more) {
  return "POST /stagecraft.v1." + std::string(method) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n" +
         std::string(more) + "\r\n";
}

}  // namespace stagecraft::tests
