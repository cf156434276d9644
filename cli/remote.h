// A server, as the command line finds it.
#ifndef STAGECRAFT_CLI_REMOTE_H_
#define STAGECRAFT_CLI_REMOTE_H_

#include <string>

namespace stagecraft::cli {

// Where a verb that talks to a server finds it, and how it makes itself known there.
struct Remote {
  std::string server = "127.0.0.1:7400";
  std::string token;  // empty: STAGECRAFT_TOKEN, or none
  // Texts in PEM. One of them: with TLS.
  std::string tls_ca;    // whom to trust; empty: the authorities that the system trusts
  std::string tls_cert;  // who we are, to a server that wants to know
  std::string tls_key;
  bool insecure = false;  // without TLS, also where the server is another machine
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_REMOTE_H_
