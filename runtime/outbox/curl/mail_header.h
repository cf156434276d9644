// Header lines of an e-mail (RFC 5322), whatever letters they are in (RFC 2047).
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CURL_MAIL_HEADER_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CURL_MAIL_HEADER_H_

#include <optional>
#include <string>
#include <string_view>

namespace stagecraft::runtime {

// `text` as the value of a header: as it is when it is short ASCII, otherwise in encoded words, folded over lines. Line breaks and other
// control characters become spaces, so that no text can begin a header of its own.
std::string HeaderText(std::string_view text);

// An address and the name before it.
struct MailAddress {
  std::string name;
  std::string address;
};
// Of `ana@acme.example` or `Ana Ito <ana@acme.example>`; nothing when there is no address in it that a mail server could be given.
std::optional<MailAddress> ReadMailAddress(std::string_view text);
// As the value of From or To.
std::string HeaderAddress(const MailAddress& address);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CURL_MAIL_HEADER_H_
