// Connect: who is trusted, and whom the token is shown.
#include "client/connect.h"

#include <catch2/catch.hpp>

#include "client/call.h"
#include "tests/client/client_fixture.h"

namespace stagecraft::tests {
namespace {

using client::ConnectOptions;

std::string ReasonFor(const ConnectOptions& options) { return client::Connect(options).status.reason; }

ConnectOptions To(const std::string& address, const std::string& token = "") {
  ConnectOptions options;
  options.address = address;
  options.token = token;
  return options;
}

client::Result<v1::ListContactsResponse> List(const std::shared_ptr<grpc::Channel>& channel) {
  return client::Caller<v1::ContactService>(channel).Call(&v1::ContactService::Stub::ListContacts, v1::ListContactsRequest(),
                                                          {std::chrono::seconds(60), false});
}

}  // namespace

TEST_CASE("the token goes unencrypted to this machine only, unless that is allowed") {
  for (const char* address : {"localhost:7400", "127.0.0.1:7400", "127.8.8.8:7400", "[::1]:7400", "unix:/tmp/socket"}) {
    ConnectOptions options = To(address, "sc_secret");
    CHECK(client::Connect(options).ok());
    options.unencrypted = true;
    CHECK(client::Connect(options).ok());
  }
  for (const char* address : {"stagecraft.acme.example:7400", "127.example.com:7400", "localhost.example.com:7400", "10.0.0.1:7400",
                              "[2001:db8::1]:7400", "0.0.0.0:7400", "127.0.0.1.example:7400"}) {
    INFO(address);
    ConnectOptions options = To(address, "sc_secret");
    CHECK(client::Connect(options).ok());  // by TLS
    options.unencrypted = true;
    CHECK(ReasonFor(options) == "TOKEN_NOT_ENCRYPTED");
    CHECK(client::Connect(options).value == nullptr);
    options.unencrypted_token = true;
    CHECK(client::Connect(options).ok());
    options.token.clear();
    options.unencrypted_token = false;
    CHECK(client::Connect(options).ok());
  }
}

TEST_CASE("what is no address, no token or half of a certificate is refused") {
  for (const char* address : {"", "localhost", "localhost:", ":7400", "localhost:http", "localhost:0", "localhost:65537", "dns:///x:7400",
                              "ipv4:127.0.0.1:7400", "unix:", "http://localhost:7400"}) {
    INFO(address);
    CHECK(ReasonFor(To(address)) == "INVALID_ADDRESS");
  }
  CHECK(ReasonFor(To("localhost:7400", "sc_a\nb: c")) == "INVALID_TOKEN");
  CHECK(client::Connect(To("localhost:7400", " sc_a\n")).ok());
  ConnectOptions options = To("localhost:7400");
  options.tls = client::Tls{"", "certificate", ""};
  CHECK(ReasonFor(options) == "INVALID_TLS");
  options.tls = client::Tls();
  options.unencrypted = true;
  CHECK(ReasonFor(options) == "INVALID_TLS");
}

TEST_CASE_METHOD(ClientFixture, "a token that is wrong, or missing, is said so at once") {
  const std::string token = MakeToken("viewer");
  Start();
  CHECK(List(Connect(token)).ok());
  const auto unknown = List(Connect("sc_nobody"));
  CHECK(unknown.status.code == grpc::StatusCode::UNAUTHENTICATED);
  CHECK(unknown.status.reason == "TOKEN_UNKNOWN");
  CHECK(List(Connect()).status.reason == "TOKEN_MISSING");
}

TEST_CASE_METHOD(ClientFixture, "by TLS: the authority is the one that is trusted, and the token is shown") {
  const auto make = [&](const std::string& name) {
    Shell("cd '" + Path("") + "' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " +
          name + ".pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null");
  };
  make("server");
  make("other");
  const std::string token = MakeToken("viewer");
  Start({"--tls-cert", Path("server.pem"), "--tls-key", Path("server.key")});
  ConnectOptions options = To(address(), token);
  options.tls = client::Tls{ReadText(Path("server.pem")), "", ""};
  const auto trusted = List(client::Connect(options).value);
  INFO(trusted.status.message);
  CHECK(trusted.ok());
  options.token.clear();
  CHECK(List(client::Connect(options).value).status.reason == "TOKEN_MISSING");
  options.tls->ca = ReadText(Path("other.pem"));
  client::CallOptions soon;
  soon.timeout = std::chrono::seconds(1);
  const auto untrusted = client::Caller<v1::ContactService>(client::Connect(options).value)
                             .Call(&v1::ContactService::Stub::ListContacts, v1::ListContactsRequest(), soon);
  CHECK_FALSE(untrusted.ok());
  CHECK(untrusted.status.reason.empty());
}

}  // namespace stagecraft::tests
