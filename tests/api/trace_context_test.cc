#include "server/rpc/trace_context.h"

#include <catch2/catch.hpp>
#include <string>

namespace stagecraft::tests {

using server::TraceIdOf;

// https://www.w3.org/TR/trace-context/#traceparent-header
TEST_CASE("a trace's id is read out of a traceparent") {
  CHECK(TraceIdOf("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") == "4bf92f3577b34da6a3ce929d0e0e4736");
  CHECK(TraceIdOf("cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like") ==
        "12345678901234567890123456789012");
}

TEST_CASE("what is no traceparent has no trace") {
  for (const char* text : {
           "",
           "00",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
           "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
       }) {
    INFO(text);
    CHECK(TraceIdOf(text).empty());
  }
}

}  // namespace stagecraft::tests
