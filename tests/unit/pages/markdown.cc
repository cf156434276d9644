#include "tests/unit/pages/markdown.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace stagecraft::pages {

namespace {

constexpr std::string_view kFence = "```";

std::filesystem::path PathOf(const std::filesystem::path& page) { return std::filesystem::path(STAGECRAFT_SOURCE_FOLDER) / page; }

// The lines of a page with the blocks of code blanked out.
std::vector<std::string> ProseOf(std::string_view markdown) {
  std::vector<std::string> lines = LinesOf(markdown);
  bool is_code = false;
  for (std::string& line : lines) {
    const bool is_fence = line.starts_with(kFence);
    if (is_fence) is_code = !is_code;
    if (is_code || is_fence) line.clear();
  }
  return lines;
}

}  // namespace

std::string ReadPage(const std::filesystem::path& page) {
  std::ifstream file(PathOf(page), std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + PathOf(page).string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WritePage(const std::filesystem::path& page, std::string_view text) {
  std::ofstream file(PathOf(page), std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + PathOf(page).string());
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Block> BlocksOf(std::string_view markdown) {
  std::vector<Block> blocks;
  bool is_code = false;
  std::size_t number = 0;
  for (const std::string& line : LinesOf(markdown)) {
    ++number;
    if (line.starts_with(kFence)) {
      is_code = !is_code;
      if (is_code) blocks.push_back({line.substr(kFence.size()), number + 1, ""});
    } else if (is_code) {
      blocks.back().code += line + "\n";
    }
  }
  return blocks;
}

std::vector<Mistake> MistakesOf(std::string_view markdown) {
  static const std::regex kRow(R"(^\| (`.*`) \| \[(SC\d{4})\]\(.*)");
  static const std::regex kSpan("`([^`]*)`");
  std::vector<Mistake> mistakes;
  std::size_t number = 0;
  for (const std::string& line : ProseOf(markdown)) {
    ++number;
    std::smatch row;
    if (!std::regex_match(line, row, kRow)) continue;
    Mistake mistake{number, "", row[2]};
    const std::string cell = row[1];
    for (std::sregex_iterator span(cell.begin(), cell.end(), kSpan), end; span != end; ++span) mistake.script += (*span)[1].str() + "\n";
    mistakes.push_back(std::move(mistake));
  }
  return mistakes;
}

std::string AnchorOf(std::string_view heading) {
  std::string anchor;
  for (const char letter : heading) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == ' ') anchor += '-';
    if (std::isalnum(byte) != 0 || letter == '-' || letter == '_' || byte >= 0x80) anchor += static_cast<char>(std::tolower(byte));
  }
  return anchor;
}

std::vector<std::string> AnchorsOf(std::string_view markdown) {
  std::vector<std::string> anchors;
  for (const std::string& line : ProseOf(markdown)) {
    const std::size_t title = line.find_first_not_of('#');
    if (title != 0 && title != std::string::npos && line[title] == ' ') anchors.push_back(AnchorOf(line.substr(title + 1)));
  }
  return anchors;
}

std::vector<std::string> LinksOf(std::string_view markdown) {
  static const std::regex kLink(R"(\]\(([^)\s]+)\))");
  std::vector<std::string> links;
  for (const std::string& line : ProseOf(markdown)) {
    for (std::sregex_iterator link(line.begin(), line.end(), kLink), end; link != end; ++link) {
      const std::string target = (*link)[1];
      if (target.find("://") == std::string::npos) links.push_back(target);
    }
  }
  return links;
}

}  // namespace stagecraft::pages
