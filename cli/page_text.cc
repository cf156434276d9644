#include "cli/page_text.h"

#include <algorithm>

#include "cli/terminal.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kItem = "- ";
constexpr std::string_view kComment = "<!--";
constexpr std::string_view kBold = "**";
constexpr std::string_view kCodeIndent = "  ";

class PageWriter {
 public:
  PageWriter(std::size_t columns, bool colour) : columns_(columns), colour_(colour) {}

  void Write(std::string_view line) {
    if (line.starts_with(kFence)) {
      EndParagraph();
      in_code_ = !in_code_;
    } else if (in_code_) {
      out_ += line.empty() ? "\n" : std::string(kCodeIndent) + std::string(line) + "\n";
    } else if (line.empty()) {
      EndParagraph();
      out_ += "\n";
    } else if (line[0] == '#') {
      EndParagraph();
      out_ += Styled(line.substr(line.find_first_not_of("# ")), Style::kBold, colour_) + "\n";
    } else if (!line.starts_with(kComment)) {
      if (line.starts_with(kItem)) EndParagraph();
      paragraph_ += (paragraph_.empty() ? "" : " ") + std::string(line.substr(std::min(line.find_first_not_of(' '), line.size())));
    }
  }

  std::string Finish() && {
    EndParagraph();
    // Where a comment stood two empty lines may be left.
    for (std::size_t at = out_.find("\n\n\n"); at != std::string::npos; at = out_.find("\n\n\n")) out_.erase(at, 1);
    return std::move(out_);
  }

 private:
  void EndParagraph() {
    for (std::size_t at = paragraph_.find(kBold); at != std::string::npos; at = paragraph_.find(kBold)) paragraph_.erase(at, kBold.size());
    const std::string indent(paragraph_.starts_with(kItem) ? kItem.size() : 0, ' ');
    std::string line;
    std::string_view rest = paragraph_;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > columns_) {
        out_ += line + "\n";
        line = indent + std::string(word);
      } else {
        line += (line.empty() ? "" : " ") + std::string(word);
      }
    }
    if (!line.empty()) out_ += line + "\n";
    paragraph_.clear();
  }

  std::size_t columns_;
  bool colour_;
  bool in_code_ = false;
  std::string paragraph_;
  std::string out_;
};

}  // namespace

std::string PageText(std::string_view markdown, std::size_t columns, bool colour) {
  PageWriter writer(columns, colour);
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    writer.Write(markdown.substr(0, end));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  return std::move(writer).Finish();
}

}  // namespace stagecraft::cli
