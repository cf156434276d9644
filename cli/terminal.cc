#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

// Does not throw, unlike fmt::print: it is also called where something has failed already, and by destructors. `main` looks whether all
// of it could be written.
void Tell(std::FILE* stream, const std::string& text) { std::fwrite(text.data(), 1, text.size(), stream); }

}  // namespace

bool IsTerminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

bool HasColour(std::FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return IsTerminal(stream) && (no_colour == nullptr || *no_colour == '\0') && (term == nullptr || std::string_view(term) != "dumb");
}

std::size_t TerminalWidth() {
  winsize size{};
  if (!IsTerminal(stdout) || ::ioctl(::fileno(stdout), TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

RenderOptions FindingsOn(std::FILE* stream) { return {HasColour(stream), IsTerminal(stream)}; }

std::string Styled(std::string_view text, Style style, bool colour) {
  if (!colour || text.empty()) return std::string(text);
  constexpr int kCodes[] = {1, 2, 31, 32};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(style)], text);
}

void PrintLine(std::FILE* stream, std::string_view text) { Tell(stream, OneLine(text) + "\n"); }

void PrintError(std::string_view message, std::string_view advice) {
  Tell(stderr, fmt::format("{} {}\n", Styled("error:", Style::kRed, HasColour(stderr)), OneLine(message)));
  if (!advice.empty()) Tell(stderr, fmt::format("  {}\n", OneLine(advice)));
}

void PrintNote(std::string_view message) {
  Tell(stderr, fmt::format("{} {}\n", Styled("note:", Style::kBold, HasColour(stderr)), OneLine(message)));
}

Progress::Progress(std::string_view what, std::uint64_t total)
    : what_(what), total_(total), next_(WallClock::now() + std::chrono::seconds(1)), on_(IsTerminal(stderr)) {}

Progress::~Progress() {
  if (shown_) Tell(stderr, "\r\x1b[K");
}

void Progress::Show(std::uint64_t done) {
  if (!on_ || WallClock::now() < next_) return;
  next_ = WallClock::now() + std::chrono::milliseconds(100);
  shown_ = true;
  if (total_ == 0) {
    Tell(stderr, fmt::format("\r{} {}\x1b[K", what_, done));
  } else {
    constexpr std::uint64_t kBarColumns = 24;
    const auto filled = std::min(kBarColumns, done * kBarColumns / total_);
    Tell(stderr, fmt::format("\r{} [{:=<{}}{: <{}}] {} of {}\x1b[K", what_, "", filled, "", kBarColumns - filled, done, total_));
  }
  std::fflush(stderr);
}

}  // namespace stagecraft::cli
