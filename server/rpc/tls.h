// TLS and mutual TLS. The files are read again when they change, so that a certificate can be renewed under a running server.
#ifndef STAGECRAFT_SERVER_RPC_TLS_H_
#define STAGECRAFT_SERVER_RPC_TLS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "runtime/model/status.h"
#include "server/tls_files.h"

namespace stagecraft::server {

// FAILED_PRECONDITION (INVALID_TLS_FILE), with the file and what is wrong with it: it cannot be read, has no certificate or key in PEM, the
// key is another certificate's, or the certificate is not valid at this time. gRPC would only refuse every connection.
runtime::Status CheckTls(const TlsFiles& files);

// Of files that CheckTls has found good.
std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const TlsFiles& files);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TLS_H_
