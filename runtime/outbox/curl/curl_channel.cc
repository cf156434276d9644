#include "runtime/outbox/curl/curl_channel.h"

#include <absl/time/time.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/support/show.h"
#include "runtime/outbox/curl/address_guard.h"
#include "runtime/outbox/curl/easy.h"
#include "runtime/outbox/curl/mail_header.h"
#include "runtime/outbox/curl/signature.h"

namespace stagecraft::runtime {
namespace {

// Of an answer: what an error shows. More is not read to its end.
constexpr std::size_t kAnswerBytesMax = 64U << 10;
constexpr std::size_t kShownBytesMax = 300;

constexpr Micros kMicrosPerSecond = 1'000'000;

// One transfer: what libcurl calls back with, and what it leaves.
struct Transfer {
  const std::atomic<bool>& stopping;
  std::string answer;  // the body; of SMTP: the last line that is a failure
  std::array<char, CURL_ERROR_SIZE> error{};
  std::string guarded;  // the address that it was kept from
};

int OnProgress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(transfer)->stopping.load(std::memory_order_relaxed) ? 1 : 0;
}

// Looks at the address that a name has turned out to be, when nobody can change it any more.
curl_socket_t OnSocket(void* transfer, curlsocktype, curl_sockaddr* address) {
  if (!IsPublicAddress(address->addr)) {
    static_cast<Transfer*>(transfer)->guarded = AddressText(address->addr);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t OnBody(char* bytes, std::size_t one, std::size_t count, void* transfer) {
  std::string& answer = static_cast<Transfer*>(transfer)->answer;
  if (answer.size() + one * count > kAnswerBytesMax) return 0;
  answer.append(bytes, one * count);
  return one * count;
}

std::size_t OnMailReply(char* bytes, std::size_t one, std::size_t count, void* transfer) {
  const std::string_view reply(bytes, one * count);
  // What comes after a failure is only the good-bye.
  if (!reply.empty() && (reply.front() == '4' || reply.front() == '5')) static_cast<Transfer*>(transfer)->answer = reply;
  return reply.size();
}

std::string Shown(std::string_view text) {
  const std::size_t end = text.find_last_not_of("\r\n");
  text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  return CutBytes(OneLine(text.substr(0, kAnswerBytesMax)), kShownBytesMax);
}

SendResult Refused(std::string why) { return {SendEnd::kRefused, std::move(why), {}}; }
SendResult Failed(std::string why) { return {SendEnd::kFailed, std::move(why), {}}; }

std::string WithLineEnds(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

class CurlChannel final : public Channel {
 public:
  CurlChannel(DeliveriesConfig config, const Clock& clock) : config_(std::move(config)), clock_(clock) {}

  SendResult Send(const Outgoing& message) override {
    if (stopping_) return {SendEnd::kCut, {}, {}};
    switch (message.medium) {
      case Medium::kEmail:
        return SendMail(message);
      case Medium::kWebhook:
        return CallWebhook(message);
      case Medium::kChat:
        return PostToChat(message);
    }
    return Refused("unknown medium");
  }
  void Stop() override { stopping_ = true; }

 private:
  SendResult SendMail(const Outgoing& message);
  SendResult CallWebhook(const Outgoing& message);
  SendResult PostToChat(const Outgoing& message);

  void Prepare(CURL* easy, Transfer& transfer, const std::string& url, const char* protocols) const;
  SendResult Post(const std::string& url, bool may_be_private, const std::string& body, const std::vector<std::string>& headers);
  SendResult HttpResult(CURL* easy, CURLcode code, const Transfer& transfer) const;
  SendResult MailResult(CURL* easy, CURLcode code, const Transfer& transfer) const;

  const DeliveriesConfig config_;
  const Clock& clock_;
  std::atomic<bool> stopping_ = false;
  EasyPool pool_;
};

void CurlChannel::Prepare(CURL* easy, Transfer& transfer, const std::string& url, const char* protocols) const {
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(config_.timeout_ms));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config_.connect_timeout_ms));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, OnProgress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
  if (!config_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, config_.ca_file.c_str());
}

SendResult CurlChannel::SendMail(const Outgoing& message) {
  if (!config_.smtp) return Refused("there is no mail server; add [smtp] to the file of --deliveries, and have this tried again");
  const SmtpConfig& smtp = *config_.smtp;
  const auto from = ReadMailAddress(smtp.from);
  const auto to = ReadMailAddress(message.recipient);
  if (!from) return Refused("`from` of [smtp] is no e-mail address");
  if (!to) return Refused(fmt::format("`{}` is no e-mail address", Shown(message.recipient)));

  Easy easy = pool_.Take();
  Transfer transfer{stopping_, {}, {}, {}};
  Prepare(easy.get(), transfer, smtp.url, "smtp,smtps");
  const long tls = smtp.start_tls == StartTls::kRequired    ? CURLUSESSL_ALL
                   : smtp.start_tls == StartTls::kIfOffered ? CURLUSESSL_TRY
                                                            : CURLUSESSL_NONE;
  curl_easy_setopt(easy.get(), CURLOPT_USE_SSL, tls);
  if (!smtp.user.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_USERNAME, smtp.user.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PASSWORD, smtp.password.c_str());
  }
  curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, OnMailReply);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from->address.c_str());
  const List recipients = MakeList({to->address});
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  const std::string domain = from->address.substr(from->address.rfind('@') + 1);
  const List headers = MakeList({
      "Date: " + absl::FormatTime(absl::RFC1123_full, absl::FromUnixMicros(message.created_at), absl::UTCTimeZone()),
      "From: " + HeaderAddress(*from),
      "To: " + HeaderAddress(*to),
      "Subject: " + HeaderText(message.subject),
      "Message-ID: <" + message.key + "@" + domain + ">",
      "Auto-Submitted: auto-generated",
  });
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  const Mime mime(curl_mime_init(easy.get()));
  curl_mimepart* part = curl_mime_addpart(mime.get());
  const std::string text = WithLineEnds(message.text);
  curl_mime_data(part, text.data(), text.size());
  curl_mime_type(part, "text/plain; charset=utf-8");
  curl_mime_encoder(part, "quoted-printable");
  curl_easy_setopt(easy.get(), CURLOPT_MIMEPOST, mime.get());

  const CURLcode code = curl_easy_perform(easy.get());
  SendResult result = MailResult(easy.get(), code, transfer);
  pool_.Give(std::move(easy));
  return result;
}

SendResult CurlChannel::MailResult(CURL* easy, CURLcode code, const Transfer& transfer) const {
  if (code == CURLE_OK) return {};
  if (code == CURLE_ABORTED_BY_CALLBACK) return {SendEnd::kCut, {}, {}};
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  const std::string why = Shown(transfer.error[0] != 0 ? transfer.error.data() : curl_easy_strerror(code));
  const std::string error = transfer.answer.empty() ? why : fmt::format("{} ({})", Shown(transfer.answer), why);
  const bool is_for_good = reply >= 500 && reply <= 599;
  if (!is_for_good || code == CURLE_USE_SSL_FAILED) return Failed(error);
  // The configuration is read once, at the start: the same login is refused with every attempt, and too many may lock the account.
  const bool is_login = code == CURLE_LOGIN_DENIED || (reply >= 530 && reply <= 538);
  if (!is_login) return Refused(error);
  const std::string what = config_.smtp->user.empty() ? "the mail server wants a login" : "the mail server refuses the login";
  return Refused(fmt::format("{}: {}; mend [smtp] in the file of --deliveries, start again, and have this tried again", what, error));
}

SendResult CurlChannel::CallWebhook(const Outgoing& message) {
  const auto found = config_.webhooks.find(message.name);
  if (found == config_.webhooks.end()) {
    return Refused(fmt::format(
        "no destination named `{0}`; add [webhooks.{1}] to the file of --deliveries, and have this tried again", Shown(message.name),
        message.name.find_first_of(" .\"'") == std::string::npos ? Shown(message.name) : "\"" + Shown(message.name) + "\""));
  }
  const std::int64_t seconds = clock_.Now() / kMicrosPerSecond;
  std::vector<std::string> headers = {"Content-Type: application/json", "webhook-id: " + message.key,
                                      "webhook-timestamp: " + std::to_string(seconds)};
  const std::string& secret = found->second.secret;
  if (!secret.empty()) headers.push_back("webhook-signature: " + SignWebhook(secret, message.key, seconds, message.text));
  if (!message.trace.empty()) headers.push_back("traceparent: " + message.trace);
  return Post(found->second.url, found->second.private_network, message.text, headers);
}

SendResult CurlChannel::PostToChat(const Outgoing& message) {
  if (config_.chat_url.empty()) return Refused("there is no chat; add [chat] to the file of --deliveries, and have this tried again");
  return Post(config_.chat_url, config_.chat_private_network, message.text,
              {"Content-Type: application/json", "Idempotency-Key: " + message.key});
}

SendResult CurlChannel::Post(const std::string& url, bool may_be_private, const std::string& body,
                             const std::vector<std::string>& headers) {
  Easy easy = pool_.Take();
  Transfer transfer{stopping_, {}, {}, {}};
  Prepare(easy.get(), transfer, url, "http,https");
  if (!may_be_private) {
    curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETFUNCTION, OnSocket);
    curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETDATA, &transfer);
  }
  std::vector<std::string> lines = headers;
  lines.emplace_back("Expect:");  // bodies are small: they go at once
  const List list = MakeList(lines);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "stagecraft");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &transfer);
  const CURLcode code = curl_easy_perform(easy.get());
  SendResult result = HttpResult(easy.get(), code, transfer);
  pool_.Give(std::move(easy));
  return result;
}

SendResult CurlChannel::HttpResult(CURL* easy, CURLcode code, const Transfer& transfer) const {
  if (code == CURLE_ABORTED_BY_CALLBACK) return {SendEnd::kCut, {}, {}};
  if (!transfer.guarded.empty()) {
    return Failed(
        fmt::format("its address is {}, which is not of the internet; if that is meant, say `private_network = true` in the file of "
                    "--deliveries, and start again",
                    transfer.guarded));
  }
  // An answer that is too long has said how it ended before that.
  if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
    return Failed(Shown(transfer.error[0] != 0 ? transfer.error.data() : curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status <= 299) return {};
  if (status >= 300 && status <= 399)
    return Refused(fmt::format("HTTP {}: a redirect, which is not followed; give the address where it leads", status));
  const std::string error =
      transfer.answer.empty() ? fmt::format("HTTP {}", status) : fmt::format("HTTP {}: {}", status, Shown(transfer.answer));
  const bool is_for_good = status >= 400 && status <= 499 && status != 408 && status != 425 && status != 429;
  if (is_for_good) return Refused(error);
  SendResult result = Failed(error);
  curl_off_t seconds = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  constexpr curl_off_t kSecondsMax = 30 * 86'400;
  if (seconds > 0) result.retry_after = std::min(seconds, kSecondsMax) * kMicrosPerSecond;
  return result;
}

}  // namespace

std::unique_ptr<Channel> NewCurlChannel(DeliveriesConfig config, const Clock& clock) {
  return std::make_unique<CurlChannel>(std::move(config), clock);
}

}  // namespace stagecraft::runtime
