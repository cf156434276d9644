// Certificates of the HTTP door, which are read again when they change.
#ifndef STAGECRAFT_SERVER_HTTP_TLS_CONTEXT_H_
#define STAGECRAFT_SERVER_HTTP_TLS_CONTEXT_H_

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "runtime/model/status.h"
#include "server/tls_files.h"

namespace stagecraft::server {

// For one thread.
class TlsContexts {
 public:
  // FAILED_PRECONDITION (INVALID_TLS_FILE).
  static runtime::Result<std::unique_ptr<TlsContexts>> Open(TlsFiles files);

  // For the next connection. Files that cannot be used are logged, and those from before go on being used.
  std::shared_ptr<boost::asio::ssl::context> Present();

 private:
  explicit TlsContexts(TlsFiles files) : files_(std::move(files)) {}
  runtime::Status Load();

  TlsFiles files_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::string stamp_;  // of the files that context_ is of
  std::chrono::steady_clock::time_point looked_at_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_TLS_CONTEXT_H_
