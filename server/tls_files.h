#ifndef STAGECRAFT_SERVER_TLS_FILES_H_
#define STAGECRAFT_SERVER_TLS_FILES_H_

#include <string>

namespace stagecraft::server {

// Files in PEM, which are read again when they change.
struct TlsFiles {
  std::string certificate;  // with what leads to its authority behind it
  std::string key;
  std::string client_ca;  // callers must show a certificate of this authority; empty: they need none
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_TLS_FILES_H_
