// Which addresses a delivery may not reach unless its destination says so: a name that somebody else answers for must not lead into the
// house (server-side request forgery).
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CURL_ADDRESS_GUARD_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CURL_ADDRESS_GUARD_H_

#include <sys/socket.h>

#include <string>

namespace stagecraft::runtime {

// Whether the address is one of the internet that anybody has: not of a private network, this machine, a link (169.254.169.254, where
// clouds keep secrets), a group, documentation, or of a way to write one of these as IPv6 (IANA's registries of special-purpose addresses).
// Anything but IPv4 and IPv6 is not.
bool IsPublicAddress(const sockaddr& address);

// As people write it, without the port.
std::string AddressText(const sockaddr& address);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CURL_ADDRESS_GUARD_H_
