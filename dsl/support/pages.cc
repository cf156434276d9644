#include "dsl/support/pages.h"

#include <algorithm>

#include "dsl/support/embedded_pages.h"

namespace stagecraft {

namespace {

constexpr std::string_view kSection = "## ";
constexpr std::string_view kHeading = "# ";
constexpr std::string_view kFence = "```";
constexpr std::string_view kNoExample = "<!-- no example: ";
constexpr std::string_view kCommentEnd = " -->";

// Without the empty lines around it, and without the last line break.
std::string Trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of('\n');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of('\n') + 1 - begin);
}

// Goes through a page line by line and knows what each line belongs to.
class PageReader {
 public:
  explicit PageReader(Page& page) : page_(page), text_(&page.meaning) {}

  void Read(std::string_view line) {
    if (block_ != nullptr) return ReadBlock(line);
    if (line.starts_with(kFence)) return OpenBlock(line.substr(kFence.size()));
    if (line.starts_with(kSection)) return OpenSection(line.substr(kSection.size()));
    if (line.starts_with(kHeading)) {
      page_.heading = line.substr(kHeading.size());
    } else if (line.starts_with(kNoExample)) {
      page_.no_example = line.substr(kNoExample.size(), line.size() - std::min(line.size(), kNoExample.size() + kCommentEnd.size()));
    } else {
      Append(*text_, line);
    }
  }

 private:
  static void Append(std::string& text, std::string_view line) { text += std::string(line) + "\n"; }

  void ReadBlock(std::string_view line) {
    const bool is_end = line == kFence;
    if (!is_end || block_ == text_) Append(*block_, line);
    if (is_end) block_ = nullptr;
  }

  // A block that is no example belongs to the text around it.
  void OpenBlock(std::string_view language) {
    if (example_ != nullptr && language == "stage") {
      block_ = &example_->script;
    } else if (example_ != nullptr && language == "filter") {
      block_ = &example_->filter;
    } else {
      block_ = text_;
      Append(*text_, std::string(kFence) + std::string(language));
    }
  }

  void OpenSection(std::string_view title) {
    example_ = title == "Wrong" ? &page_.wrong : title == "Right" ? &page_.right : nullptr;
    text_ = title == "Why" ? &page_.why : &page_.meaning;
  }

  Page& page_;
  std::string* text_;
  PageExample* example_ = nullptr;
  std::string* block_ = nullptr;
};

}  // namespace

std::optional<std::string_view> PageOf(Code code) {
  const std::string name = CodeName(code);
  const auto* page = std::find_if(embedded::kPages.begin(), embedded::kPages.end(), [&name](const auto& p) { return p.code == name; });
  if (page == embedded::kPages.end()) return std::nullopt;
  return page->text;
}

Page ReadPage(std::string_view markdown) {
  Page page;
  PageReader reader(page);
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    reader.Read(markdown.substr(0, end));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  for (std::string* text : {&page.meaning, &page.why}) *text = Trimmed(*text);
  return page;
}

}  // namespace stagecraft
