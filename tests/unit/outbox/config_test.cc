#include "runtime/outbox/config.h"

#include <catch2/catch.hpp>

#include "runtime/model/dispatch.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Result<DeliveriesConfig> Parse(std::string_view text) {
  const SecretSources secrets{[](const std::string& path) -> Result<std::string> {
                                if (path == "missing")
                                  return Fail(StatusCode::kNotFound, reasons::kFileUnreadable, "there is no file `missing`");
                                if (path == "empty") return std::string("\n");
                                if (path == "short") return std::string("c2hvcnQ=");
                                if (path == "chat") return std::string("https://chat.example/T1/B2/secret\n");
                                return std::string(path == "hook" ? kSecret : "pass word\n");
                              },
                              [](const std::string& name) { return name == "SET" ? std::optional<std::string>(kSecret) : std::nullopt; }};
  return ParseDeliveries("deliveries.toml", text, secrets);
}

std::string ErrorOf(std::string_view text) {
  const auto config = Parse(text);
  if (config) return "(no error)";
  return config.error().message;
}

TEST_CASE("a configuration says where everything goes") {
  const auto config = Parse(R"(
notifications = ["email", "chat"]
dry = true
ca_file = "ca.pem"
[smtp]
url = "smtp://mail.acme.example:587"
from = "Acme Sales <sales@acme.example>"
user = "sales"
password_file = "password"
[chat]
url_file = "chat"
private_network = true
[webhooks.crm]
url = "https://crm.example/hook"
secret_file = "hook"
[webhooks."the other"]
url = "http://127.0.0.1:1/x"
secret_env = "SET"
private_network = true
[limits]
attempts = 3
first_retry_seconds = 0.5
concurrency = 2
timeout_seconds = 2
)");
  REQUIRE(config);
  CHECK(config->notification_routes == (kNotifyByEmail | kNotifyByChat));
  CHECK(config->dry);
  REQUIRE(config->smtp);
  CHECK(config->smtp->password == "pass word");
  CHECK(config->smtp->start_tls == StartTls::kRequired);
  CHECK(config->chat_url == "https://chat.example/T1/B2/secret");
  CHECK(config->webhooks.at("crm").secret.size() == 24);
  CHECK(config->webhooks.at("the other").secret == config->webhooks.at("crm").secret);
  CHECK(config->chat_private_network);
  CHECK_FALSE(config->webhooks.at("crm").private_network);
  CHECK(config->webhooks.at("the other").private_network);
  CHECK(config->outbox.attempts_max == 3);
  CHECK(config->outbox.first_retry == 500'000);
  CHECK(config->concurrency == 2);
  CHECK(config->timeout_ms == 2'000);
}

TEST_CASE("an empty configuration is one") {
  const auto config = Parse("");
  REQUIRE(config);
  CHECK(config->notification_routes == 0);
  CHECK_FALSE(config->dry);
  CHECK_FALSE(config->smtp);
}

TEST_CASE("without a login TLS is taken when it is offered") {
  const auto config = Parse("[smtp]\nurl = \"smtp://relay\"\nfrom = \"a@b.example\"");
  REQUIRE(config);
  CHECK(config->smtp->start_tls == StartTls::kIfOffered);
}

TEST_CASE("what is wrong in a configuration is said with its place") {
  CHECK(ErrorOf("drry = true") ==
        "deliveries.toml:1:1: unknown key `drry`; the keys here are `smtp`, `chat`, `webhooks`, `notifications`, "
        "`dry`, `ca_file`, `limits`");
  CHECK(ErrorOf("dry = 1") == "deliveries.toml:1:7: expected true or false");
  CHECK(ErrorOf("[smtp]\npassword = \"x\"") ==
        "deliveries.toml:2:1: a secret does not stand in this file: name a file or a variable, `password_file` or `password_env`");
  CHECK(ErrorOf("[webhooks.crm]\nsecret = \"x\"").find("`secret_file` or `secret_env`") != std::string::npos);
  CHECK(ErrorOf("[webhooks.crm]") == "deliveries.toml:1:1: `[webhooks.crm]` needs `url`");
  CHECK(ErrorOf("[webhooks.crm]\nurl = \"ftp://x\"") == "deliveries.toml:2:7: expected an address that begins with https:// or http://");
  CHECK(ErrorOf("[webhooks.crm]\nurl = \"https://x\"\nsecret_file = \"short\"").find("24 to 64 bytes in base64") != std::string::npos);
  CHECK(ErrorOf("[webhooks.crm]\nurl = \"https://x\"\nsecret_file = \"empty\"") == "deliveries.toml:3:15: the file `empty` is empty");
  CHECK(ErrorOf("[webhooks.crm]\nurl = \"https://x\"\nsecret_file = \"missing\"") == "deliveries.toml:3:15: there is no file `missing`");
  CHECK(ErrorOf("[webhooks.crm]\nurl = \"https://x\"\nsecret_env = \"UNSET\"") == "deliveries.toml:3:14: the variable `UNSET` is not set");
  CHECK(ErrorOf("[smtp]\nurl = \"smtp://x\"") == "deliveries.toml:1:1: `[smtp]` needs `url` and `from`");
  CHECK(ErrorOf("[smtp]\nurl = \"smtp://x\"\nfrom = \"sales\"").find("expected an address") != std::string::npos);
  CHECK(ErrorOf("[smtp]\nurl = \"smtp://x\"\nfrom = \"a@b\"\nuser = \"u\"").find("together") != std::string::npos);
  CHECK(ErrorOf("[chat]") == "deliveries.toml:1:1: `[chat]` needs `url`, `url_file` or `url_env`");
  CHECK(ErrorOf("notifications = [\"fax\"]") == R"(deliveries.toml:1:18: expected "email" or "chat")");
  CHECK(ErrorOf("notifications = [\"email\"]") == R"(deliveries.toml:1:17: "email" needs `[smtp]`)");
  CHECK(ErrorOf("notifications = [\"chat\"]") == R"(deliveries.toml:1:17: "chat" needs `[chat]`)");
  CHECK(ErrorOf("[limits]\nattempts = 0") == "deliveries.toml:2:12: expected a whole number from 1 to 1000");
  CHECK(ErrorOf("[limits]\ntimeout_seconds = nan").find("expected seconds") != std::string::npos);
}

}  // namespace
}  // namespace stagecraft::runtime
