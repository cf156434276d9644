#include "cli/timeline_text.h"

#include <fmt/format.h>

#include "cli/client.h"
#include "cli/terminal.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {

std::string EntryText(const ::stagecraft::v1::TimelineEntry& entry, std::string_view contact, bool colour) {
  std::string text =
      fmt::format("{}  {}{}{}\n", TimeText(entry.event_time()), contact.empty() ? std::string() : OneLine(std::string(contact)) + "  ",
                  Styled(OneLine(entry.title()), Style::kBold, colour),
                  entry.actor().empty() ? "" : Styled("  by " + OneLine(entry.actor()), Style::kDim, colour));
  for (const auto& change : entry.changes()) {
    const auto aside = change.rule().empty() ? std::string() : fmt::format("  {}:{}", change.file(), change.line());
    text += fmt::format("{:18}{}{}\n", "", OneLine(change.text()), Styled(OneLine(aside), Style::kDim, colour));
  }
  return text;
}

}  // namespace stagecraft::cli
