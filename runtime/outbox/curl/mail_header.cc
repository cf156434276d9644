#include "runtime/outbox/curl/mail_header.h"

#include <absl/strings/escaping.h>

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

// An encoded word has at most 75 characters, 12 of them around the base64, which takes 4 for 3 bytes.
constexpr std::size_t kWordBytesMax = 45;
// Lines should have no more than 78 characters, `Subject: ` among them.
constexpr std::size_t kPlainMax = 68;

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }

std::string WithoutControls(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), IsControl, ' ');
  return out;
}

std::string EncodedWords(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t bytes = 0;
    while (bytes < text.size()) {
      const std::size_t next = DecodeFirst(text.substr(bytes)).bytes;
      if (bytes + next > kWordBytesMax) break;
      bytes += next;
    }
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + absl::Base64Escape(absl::string_view(text.data(), bytes)) + "?=";
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace

std::string HeaderText(std::string_view text) {
  const std::string clean = WithoutControls(text);
  const bool looks_encoded = clean.find("=?") != std::string::npos;
  if (IsAscii(clean) && clean.size() <= kPlainMax && !looks_encoded) return clean;
  return EncodedWords(clean);
}

std::optional<MailAddress> ReadMailAddress(std::string_view text) {
  MailAddress out;
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.back() == '>') {
    out.name = text.substr(0, open);
    out.name.resize(out.name.find_last_not_of(' ') + 1);
    text = text.substr(open + 1, text.size() - open - 2);
  }
  out.address = text;
  const std::size_t at = text.rfind('@');
  const bool has_both = at != std::string_view::npos && at > 0 && at + 1 < text.size();
  const bool is_plain = std::none_of(text.begin(), text.end(), [](char c) {
    return IsControl(c) || std::string_view(" <>,;:\"()[]\\").find(c) != std::string_view::npos;
  });
  if (!has_both || !is_plain) return std::nullopt;
  return out;
}

std::string HeaderAddress(const MailAddress& address) {
  if (address.name.empty()) return "<" + address.address + ">";
  // In quotation marks all of ASCII stands for itself but these two.
  std::string name;
  for (const char c : WithoutControls(address.name)) {
    if (c == '"' || c == '\\') name += '\\';
    name += c;
  }
  const bool plain = IsAscii(name) && name.size() <= kPlainMax;
  return (plain ? "\"" + name + "\"" : EncodedWords(WithoutControls(address.name))) + " <" + address.address + ">";
}

}  // namespace stagecraft::runtime
