#include "runtime/outbox/curl/mail_header.h"

#include <catch2/catch.hpp>

namespace stagecraft::runtime {
namespace {

TEST_CASE("a header is as it is in short ASCII, and in encoded words otherwise") {
  CHECK(HeaderText("Hello Ana") == "Hello Ana");
  CHECK(HeaderText("Grüße") == "=?UTF-8?B?R3LDvMOfZQ==?=");
  CHECK(HeaderText("=?UTF-8?B?R3I=?=") == "=?UTF-8?B?PT9VVEYtOD9CP1IzST0/PQ==?=");
  const std::string folded = HeaderText("新規のお客様からのお問い合わせについてのご連絡です。よろしくお願いいたします。");
  CHECK(folded.find("\r\n =?UTF-8?B?") != std::string::npos);
  std::size_t line = 0;
  for (const char c : folded) {
    line = c == '\n' ? 0 : line + 1;
    CHECK(line <= 77);
  }
}

TEST_CASE("no text begins a header of its own") {
  CHECK(HeaderText("Hello\r\nBcc: eve@evil.example") == "Hello  Bcc: eve@evil.example");
  CHECK(HeaderAddress({"Ana\r\nBcc: x", "ana@acme.example"}) == "\"Ana  Bcc: x\" <ana@acme.example>");
}

TEST_CASE("addresses are read with and without a name") {
  const auto plain = ReadMailAddress("ana@acme.example");
  REQUIRE(plain);
  CHECK(plain->address == "ana@acme.example");
  CHECK(HeaderAddress(*plain) == "<ana@acme.example>");
  const auto named = ReadMailAddress("Acme \"Sales\" <sales@acme.example>");
  REQUIRE(named);
  CHECK(named->address == "sales@acme.example");
  CHECK(HeaderAddress(*named) == "\"Acme \\\"Sales\\\"\" <sales@acme.example>");
  CHECK(HeaderAddress({"Zoë", "z@acme.example"}) == "=?UTF-8?B?Wm/Dqw==?= <z@acme.example>");
}

TEST_CASE("what a mail server could take for something else is no address") {
  for (const char* text : {"", "Mika", "@acme.example", "ana@", "ana@acme.example>\r\nRCPT TO:<eve@evil.example",
                           "ana@a.example, eve@e.example", "ana b@acme.example", "<ana@acme.example> x"}) {
    INFO(text);
    CHECK_FALSE(ReadMailAddress(text));
  }
}

}  // namespace
}  // namespace stagecraft::runtime
