#include "server/http/tls_context.h"

#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <boost/system/error_code.hpp>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "runtime/model/reasons.h"
#include "server/http/limits.h"

namespace stagecraft::server {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// What changes when a file does; the way in which certificates are put in place may keep their size or their time.
std::string StampOf(const std::string& path) {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error).time_since_epoch().count();
  const auto size = std::filesystem::file_size(path, error);
  return path + '\n' + std::to_string(time) + '\n' + std::to_string(size) + '\n';
}

std::string StampOf(const TlsFiles& files) {
  return StampOf(files.certificate) + StampOf(files.key) + (files.client_ca.empty() ? std::string() : StampOf(files.client_ca));
}

// HTTP/1.1 is what is spoken here, whatever else the other side would rather have.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, size, kHttp11, sizeof(kHttp11) - 1, offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

runtime::Result<std::unique_ptr<TlsContexts>> TlsContexts::Open(TlsFiles files) {
  std::unique_ptr<TlsContexts> contexts(new TlsContexts(std::move(files)));
  if (runtime::Status status = contexts->Load(); !status.ok()) return tl::unexpected(std::move(status));
  return contexts;
}

runtime::Status TlsContexts::Load() {
  looked_at_ = std::chrono::steady_clock::now();
  std::string stamp = StampOf(files_);
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  // Without it, who shows a certificate cannot come back by the session that it had.
  static constexpr unsigned char kSessions[] = "stagecraft";
  SSL_CTX_set_session_id_context(context->native_handle(), kSessions, sizeof(kSessions) - 1);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), ChooseProtocol, nullptr);
  error_code error;
  std::string file = files_.certificate;
  context->use_certificate_chain_file(file, error);
  if (!error) {
    file = files_.key;
    context->use_private_key_file(file, ssl::context::pem, error);
  }
  if (!error && !files_.client_ca.empty()) {
    file = files_.client_ca;
    context->load_verify_file(file, error);
    if (!error) context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  }
  if (error) {
    return {runtime::StatusCode::kFailedPrecondition, runtime::reasons::kInvalidTlsFile, "`" + file + "`: " + error.message(), {}};
  }
  context_ = std::move(context);
  stamp_ = std::move(stamp);
  return {};
}

std::shared_ptr<ssl::context> TlsContexts::Present() {
  if (std::chrono::steady_clock::now() - looked_at_ < http_limits::kTlsInterval) return context_;
  looked_at_ = std::chrono::steady_clock::now();
  if (StampOf(files_) == stamp_) return context_;
  const runtime::Status status = Load();
  if (!status.ok()) spdlog::warn("http: the certificates have changed, and those from before go on being used: {}", status.message);
  return context_;
}

}  // namespace stagecraft::server
