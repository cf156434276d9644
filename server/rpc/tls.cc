#include "server/rpc/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <string>
#include <utility>

#include "runtime/model/reasons.h"

namespace stagecraft::server {
namespace {

using runtime::Status;

// How often the files are looked at.
constexpr unsigned kReadAgainSeconds = 10;

template <typename Of, void (*free)(Of*)>
struct Free {
  void operator()(Of* what) const { free(what); }
};
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Status Unusable(const std::string& path, const std::string& what) {
  return {runtime::StatusCode::kFailedPrecondition, runtime::reasons::kInvalidTlsFile, "`" + path + "` " + what, {}};
}

// What PEM_read_… makes of a file; `what`: what should be in it.
template <typename Thing, typename Read>
Status ReadPem(const std::string& path, const std::string& what, const Read& read, Thing& out) {
  const File file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return Unusable(path, "cannot be read");
  out.reset(read(file.get()));
  ERR_clear_error();
  return out != nullptr ? Status{} : Unusable(path, "has no " + what + " in PEM (`-----BEGIN …`)");
}

Status ReadCertificate(const std::string& path, Certificate& out) {
  return ReadPem(
      path, "certificate", [](std::FILE* file) { return PEM_read_X509(file, nullptr, nullptr, nullptr); }, out);
}

Status CheckDates(const std::string& path, const X509& certificate) {
  if (X509_cmp_current_time(X509_get0_notBefore(&certificate)) > 0) return Unusable(path, "has a certificate that is not valid yet");
  if (X509_cmp_current_time(X509_get0_notAfter(&certificate)) < 0) return Unusable(path, "has a certificate that has expired");
  return {};
}

// A key that wants a password: nobody is asked for one.
int NoPassword(char*, int, int, void*) { return -1; }

}  // namespace

Status CheckTls(const TlsFiles& files) {
  Certificate certificate;
  if (Status status = ReadCertificate(files.certificate, certificate); !status.ok()) return status;
  if (Status status = CheckDates(files.certificate, *certificate); !status.ok()) return status;
  Key key;
  Status status = ReadPem(
      files.key, "private key without a password", [](std::FILE* file) { return PEM_read_PrivateKey(file, nullptr, NoPassword, nullptr); },
      key);
  if (!status.ok()) return status;
  const bool is_pair = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!is_pair) return Unusable(files.key, "is not the key of the certificate in `" + files.certificate + "`");
  if (files.client_ca.empty()) return {};
  Certificate authority;
  if (status = ReadCertificate(files.client_ca, authority); !status.ok()) return status;
  return CheckDates(files.client_ca, *authority);
}

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const TlsFiles& files) {
  namespace tls = grpc::experimental;
  tls::TlsServerCredentialsOptions options(
      std::make_shared<tls::FileWatcherCertificateProvider>(files.key, files.certificate, files.client_ca, kReadAgainSeconds));
  options.watch_identity_key_cert_pairs();
  if (!files.client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

}  // namespace stagecraft::server
