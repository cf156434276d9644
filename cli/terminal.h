// What the verbs write to: colours and widths where there is a terminal, plain text where there is none.
#ifndef STAGECRAFT_CLI_TERMINAL_H_
#define STAGECRAFT_CLI_TERMINAL_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "dsl/support/render.h"

namespace stagecraft::cli {

bool IsTerminal(std::FILE* stream);
// A terminal, and nobody asked for plain text (NO_COLOR, TERM=dumb).
bool HasColour(std::FILE* stream);
// Columns of the terminal behind standard output; 0: none, lines may have any length.
std::size_t TerminalWidth();

// How findings are shown there.
RenderOptions FindingsOn(std::FILE* stream);

enum class Style { kBold, kDim, kRed, kGreen };
// `text` between the escapes of `style`, where `colour` is on.
std::string Styled(std::string_view text, Style style, bool colour);

// `text` and a line break. Whatever values and names it quotes, it is one line that does nothing to a terminal (OneLine). Neither this nor
// the two below throw where it cannot be written.
void PrintLine(std::FILE* stream, std::string_view text);
// "error: …" on standard error, as PrintLine. `advice`: what to look at, on a line of its own below; empty: none.
void PrintError(std::string_view message, std::string_view advice = {});
// "note: …" on standard error, as PrintLine.
void PrintNote(std::string_view message);

// A line on standard error that says how far something is. Only on a terminal, only once it takes longer than a second; gone
// when this is destroyed.
class Progress {
 public:
  // `total`: 0 when nobody knows.
  Progress(std::string_view what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(std::uint64_t done);

 private:
  using WallClock = std::chrono::steady_clock;
  std::string what_;
  std::uint64_t total_;
  WallClock::time_point next_;
  bool on_;
  bool shown_ = false;
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_TERMINAL_H_
