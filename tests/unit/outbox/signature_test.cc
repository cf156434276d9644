#include "runtime/outbox/curl/signature.h"

#include <absl/strings/escaping.h>

#include <catch2/catch.hpp>

namespace stagecraft::runtime {
namespace {

// The example of the Standard Webhooks specification and of its libraries.
TEST_CASE("a webhook is signed as Standard Webhooks 1.0 says") {
  std::string secret;
  REQUIRE(absl::Base64Unescape("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &secret));
  CHECK(SignWebhook(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

}  // namespace
}  // namespace stagecraft::runtime
