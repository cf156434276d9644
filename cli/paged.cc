#include "cli/paged.h"

#include <fmt/core.h>

#include "cli/terminal.h"

namespace stagecraft::cli {

void PrintPage(const Table& table, std::string_view nothing, std::string_view next_page_token, More more) {
  if (!table.empty()) {
    fmt::print("{}", table.Text({TerminalWidth(), HasColour(stdout)}));
  } else if (!nothing.empty()) {
    PrintNote(nothing);
  }
  if (next_page_token.empty()) return;
  PrintNote(more == More::kFilter ? "there are more; see them with --limit 0, or say which with --filter"
                                  : "there are more; see them with --limit 0");
}

}  // namespace stagecraft::cli
