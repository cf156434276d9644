#include "tests/client/client_fixture.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "client/call.h"

namespace stagecraft::tests {

void ClientFixture::Start(const std::vector<std::string>& options) {
  server_.emplace(STAGECRAFT_BINARY, Path("data"), Path("socket"), options);
  // One with TLS does not greet who speaks none; the clients of the library wait for it.
  if (options.empty()) REQUIRE(server_->Connect() != nullptr);
}

void ClientFixture::Kill() {
  server_->Kill();
  server_.reset();
}

std::string ClientFixture::MakeToken(const std::string& role) {
  Shell("'" STAGECRAFT_BINARY "' token create " + role + "@acme.example --role " + role + " --data '" + Path("data") + "' --output '" +
        Path(role) + "' 2>/dev/null");
  return ReadText(Path(role));
}

std::shared_ptr<grpc::Channel> ClientFixture::Connect(const std::string& token) const {
  client::ConnectOptions options;
  options.address = address();
  options.token = token;
  auto channel = client::Connect(options);
  REQUIRE(channel.ok());
  return channel.value;
}

std::size_t ClientFixture::CountEvents(const std::shared_ptr<grpc::Channel>& channel) const {
  const client::Caller<v1::EventService> events(channel);
  v1::ListEventsRequest request;
  request.set_page_size(1000);
  std::size_t count = 0;
  do {
    const auto page = events.Call(&v1::EventService::Stub::ListEvents, request);
    REQUIRE(page.ok());
    count += static_cast<std::size_t>(page.value.events_size());
    request.set_page_token(page.value.next_page_token());
  } while (!request.page_token().empty());
  return count;
}

v1::Event PageViewed(const std::string& id, const std::string& contact) {
  v1::Event event;
  event.set_event_id(id);
  event.set_contact("contacts/" + contact);
  event.set_type("page viewed");
  event.set_create_if_missing(true);
  return event;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Shell(const std::string& command) {
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace stagecraft::tests
