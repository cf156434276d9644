// Drawing, with shell scripts in the place of Graphviz.
#include "runtime/picture/draw_svg.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime::tests {
namespace {

// A program that is gone with the test.
class Script {
 public:
  explicit Script(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("stagecraft-draw-" + std::to_string(getpid()) + "-" + std::to_string(count_++))) {
    std::ofstream(path_) << "#!/bin/sh\n" << text << "\n";
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  ~Script() { std::filesystem::remove(path_); }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  std::string path() const { return path_.string(); }

 private:
  inline static int count_ = 0;
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("what the program is given and what it gives back may be long") {
  const Script echo("exec cat");
  const std::string text(4 << 20, 'x');
  const auto svg = DrawSvg(text, {}, echo.path());
  REQUIRE(svg.has_value());
  CHECK(*svg == text);
}

TEST_CASE("without graphviz a picture is refused, and what to do is said") {
  const auto svg = DrawSvg("digraph {}", {}, "no-such-program");
  REQUIRE_FALSE(svg.has_value());
  CHECK(svg.error().code == StatusCode::kFailedPrecondition);
  CHECK(svg.error().reason == reasons::kNoGraphviz);
  CHECK(svg.error().message ==
        "an SVG picture needs graphviz, and there is no `no-such-program` on this machine; install graphviz, or take dot or mermaid");
}

TEST_CASE("a program that fails, reads nothing or gives nothing back gives no picture") {
  for (const char* text : {"cat; exit 1", "exit 0", "cat > /dev/null"}) {
    INFO(text);
    const Script script(text);
    const auto svg = DrawSvg(std::string(1 << 20, 'x'), {}, script.path());
    REQUIRE_FALSE(svg.has_value());
    CHECK(svg.error().reason == reasons::kPictureFailed);
  }
}

TEST_CASE("a program that needs too long is given up") {
  const Script busy("while :; do :; done");
  DrawLimits limits;
  limits.cpu_seconds = 1;
  const auto svg = DrawSvg("digraph {}", limits, busy.path());
  REQUIRE_FALSE(svg.has_value());
  CHECK(svg.error().code == StatusCode::kResourceExhausted);
  CHECK(svg.error().reason == reasons::kPictureTooLarge);
}

TEST_CASE("a program that waits is ended, however it waits") {
  for (const char* text :
       {"exec tail -f /dev/null", "tail -f /dev/null", "echo '<svg/>'; exec >/dev/null </dev/null; exec tail -f /dev/null"}) {
    INFO(text);
    const Script script(text);
    DrawLimits limits;
    limits.time = std::chrono::milliseconds(200);
    const auto svg = DrawSvg(std::string(1 << 20, 'x'), limits, script.path());
    REQUIRE_FALSE(svg.has_value());
    CHECK(svg.error().code == StatusCode::kResourceExhausted);
    CHECK(svg.error().reason == reasons::kPictureTooLarge);
    CHECK(svg.error().message == "the picture was not drawn within 1 s; take fewer scripts, or take dot or mermaid");
  }
}

TEST_CASE("a program that writes without end is ended, with all that it has started") {
  const std::string fifo = (std::filesystem::temp_directory_path() / ("stagecraft-draw-" + std::to_string(getpid()) + "-fifo")).string();
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  pollfd reader = {open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), POLLIN, 0};
  REQUIRE(reader.fd >= 0);
  const Script script("exec 9>'" + fifo + "'; tail -f /dev/null & exec cat /dev/zero");
  DrawLimits limits;
  limits.picture_bytes = std::size_t{1} << 20;
  const auto svg = DrawSvg("digraph {}", limits, script.path());
  REQUIRE_FALSE(svg.has_value());
  CHECK(svg.error().reason == reasons::kPictureTooLarge);
  CHECK(svg.error().message == "the picture has more than 1 MiB; take fewer scripts, or take dot or mermaid");
  // Closed once nobody is left who could write.
  CHECK(poll(&reader, 1, 10'000) == 1);
  CHECK((reader.revents & POLLHUP) != 0);
  close(reader.fd);
  std::filesystem::remove(fifo);
}

}  // namespace stagecraft::runtime::tests
