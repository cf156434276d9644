#include "runtime/outbox/config.h"

#include <absl/strings/escaping.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include "runtime/import/toml.h"
#include "runtime/model/dispatch.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// As Standard Webhooks has it.
constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kSecretBytesMin = 24;
constexpr std::size_t kSecretBytesMax = 64;

constexpr double kSecondsMax = 30 * 86'400.0;

bool HasScheme(std::string_view url, std::string_view scheme) {
  return url.size() > scheme.size() && url.substr(0, scheme.size()) == scheme;
}

// Files of secrets usually end with a line break.
std::string Trimmed(std::string text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

// Takes the tables apart and remembers the first thing that is wrong.
class ConfigReader {
 public:
  ConfigReader(std::string_view name, const SecretSources& secrets) : name_(name), secrets_(secrets) {}

  Result<DeliveriesConfig> Read(std::string_view text) {
    const auto table = ParseToml(name_, text);
    if (!table) return tl::unexpected<Status>(table.error());
    ReadKeys(*table, {{"smtp", [this](const toml::node& node) { ReadSmtp(node); }},
                      {"chat", [this](const toml::node& node) { ReadChat(node); }},
                      {"webhooks", [this](const toml::node& node) { ReadWebhooks(node); }},
                      {"notifications", [this](const toml::node& node) { ReadRoutes(node); }},
                      {"dry", [this](const toml::node& node) { config_.dry = Truth(node); }},
                      {"ca_file", [this](const toml::node& node) { config_.ca_file = Text(node); }},
                      {"limits", [this](const toml::node& node) { ReadLimits(node); }}});
    CheckRoutes(*table);
    if (failure_) return tl::unexpected<Status>(*failure_);
    return std::move(config_);
  }

 private:
  struct Key {
    std::string_view name;
    std::function<void(const toml::node&)> read;
  };

  void Blame(const toml::source_region& at, std::string_view message) {
    if (!failure_) failure_ = WrongToml(name_, at, message);
  }

  void ReadKeys(const toml::table& table, const std::vector<Key>& keys) {
    for (const auto& [key, node] : table) {
      if (failure_) return;
      const auto found = std::find_if(keys.begin(), keys.end(), [name = key.str()](const Key& each) { return each.name == name; });
      if (found != keys.end()) {
        found->read(node);
        continue;
      }
      std::string known;
      for (const Key& each : keys) known += fmt::format("{}`{}`", known.empty() ? "" : ", ", each.name);
      const bool is_secret = key == "password" || key == "secret";
      Blame(key.source(), is_secret
                              ? fmt::format("a secret does not stand in this file: name a file or a variable, `{0}_file` or `{0}_env`",
                                            std::string_view(key.str()))
                              : fmt::format("unknown key `{}`; the keys here are {}", std::string_view(key.str()), known));
    }
  }

  const toml::table* Table(const toml::node& node, std::string_view like) {
    const toml::table* table = node.as_table();
    if (table == nullptr) Blame(node.source(), fmt::format("expected a table: `{}`", like));
    return table;
  }

  std::string Text(const toml::node& node) {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().empty()) {
      Blame(node.source(), "expected a text");
      return {};
    }
    return text->get();
  }

  bool Truth(const toml::node& node) {
    const auto* truth = node.as_boolean();
    if (truth == nullptr) Blame(node.source(), "expected true or false");
    return truth != nullptr && truth->get();
  }

  std::uint32_t Count(const toml::node& node, std::int64_t most) {
    const auto* count = node.as_integer();
    if (count == nullptr || count->get() < 1 || count->get() > most) {
      Blame(node.source(), fmt::format("expected a whole number from 1 to {}", most));
      return 1;
    }
    return static_cast<std::uint32_t>(count->get());
  }

  Micros Seconds(const toml::node& node) {
    const auto seconds = node.value<double>();
    if (!node.is_number() || !seconds || !(*seconds >= 0.001 && *seconds <= kSecondsMax)) {
      Blame(node.source(), "expected seconds, from 0.001 to 2592000 (30 days)");
      return 1;
    }
    return static_cast<Micros>(*seconds * 1e6);
  }

  std::string Url(const toml::node& node, std::initializer_list<std::string_view> schemes) {
    std::string url = Text(node);
    CheckUrl(node, url, schemes);
    return url;
  }

  void CheckUrl(const toml::node& node, const std::string& url, std::initializer_list<std::string_view> schemes) {
    const bool is_one = std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) { return HasScheme(url, scheme); });
    const bool is_plain = std::none_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c == 0x7F; });
    if (!is_one || !is_plain) Blame(node.source(), fmt::format("expected an address that begins with {}", fmt::join(schemes, " or ")));
  }

  std::string FileSecret(const toml::node& node) {
    const std::string path = Text(node);
    if (failure_) return {};
    auto text = secrets_.file(path);
    if (!text) {
      Blame(node.source(), text.error().message);
      return {};
    }
    std::string secret = Trimmed(std::move(*text));
    if (secret.empty()) Blame(node.source(), fmt::format("the file `{}` is empty", path));
    return secret;
  }

  std::string EnvironmentSecret(const toml::node& node) {
    const std::string variable = Text(node);
    if (failure_) return {};
    const auto value = secrets_.environment(variable);
    if (!value || value->empty()) Blame(node.source(), fmt::format("the variable `{}` is not set", variable));
    return Trimmed(value.value_or(""));
  }

  void ReadSmtp(const toml::node& node) {
    const toml::table* table = Table(node, "[smtp]");
    if (table == nullptr) return;
    SmtpConfig& smtp = config_.smtp.emplace();
    bool says_tls = false;
    ReadKeys(*table, {{"url",
                       [&](const toml::node& value) {
                         smtp.url = Url(value, {"smtp://", "smtps://"});
                       }},
                      {"from", [&](const toml::node& value) { smtp.from = From(value); }},
                      {"user", [&](const toml::node& value) { smtp.user = Text(value); }},
                      {"password_file", [&](const toml::node& value) { smtp.password = FileSecret(value); }},
                      {"password_env", [&](const toml::node& value) { smtp.password = EnvironmentSecret(value); }},
                      {"starttls", [&](const toml::node& value) {
                         smtp.start_tls = ReadStartTls(value);
                         says_tls = true;
                       }}});
    if (smtp.url.empty() || smtp.from.empty()) Blame(node.source(), "`[smtp]` needs `url` and `from`");
    if (smtp.user.empty() != smtp.password.empty()) {
      Blame(node.source(), "`[smtp]` needs `user` and its password together: `password_file` or `password_env`");
    }
    // A password is not said where everybody can hear it, unless somebody wants just that.
    if (!says_tls && !smtp.user.empty()) smtp.start_tls = StartTls::kRequired;
  }

  std::string From(const toml::node& node) {
    std::string from = Text(node);
    const bool is_plain = std::none_of(from.begin(), from.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
    if (!is_plain || from.find('@') == std::string::npos) {
      Blame(node.source(), "expected an address: `sales@acme.example` or `Acme Sales <sales@acme.example>`");
    }
    return from;
  }

  StartTls ReadStartTls(const toml::node& node) {
    const std::string word = Text(node);
    if (word == "required") return StartTls::kRequired;
    if (word == "never") return StartTls::kNever;
    if (word != "if offered") Blame(node.source(), R"(expected "required", "if offered" or "never")");
    return StartTls::kIfOffered;
  }

  void ReadChat(const toml::node& node) {
    const toml::table* table = Table(node, "[chat]");
    if (table == nullptr) return;
    const auto take = [&](const toml::node& value, std::string url) {
      CheckUrl(value, url, {"https://", "http://"});
      if (!config_.chat_url.empty()) Blame(value.source(), "the address of the chat is given twice");
      config_.chat_url = std::move(url);
    };
    ReadKeys(*table, {{"url", [&](const toml::node& value) { take(value, Text(value)); }},
                      {"url_file", [&](const toml::node& value) { take(value, FileSecret(value)); }},
                      {"url_env", [&](const toml::node& value) { take(value, EnvironmentSecret(value)); }},
                      {"private_network", [&](const toml::node& value) { config_.chat_private_network = Truth(value); }}});
    if (config_.chat_url.empty()) Blame(node.source(), "`[chat]` needs `url`, `url_file` or `url_env`");
  }

  void ReadWebhooks(const toml::node& node) {
    const toml::table* table = Table(node, "[webhooks.NAME]");
    if (table == nullptr) return;
    for (const auto& [key, value] : *table) {
      if (failure_) return;
      ReadWebhook(std::string(key.str()), value);
    }
  }

  void ReadWebhook(const std::string& name, const toml::node& node) {
    const toml::table* table = Table(node, "[webhooks.NAME]");
    if (table == nullptr) return;
    WebhookConfig& webhook = config_.webhooks[name];
    ReadKeys(*table, {{"url",
                       [&](const toml::node& value) {
                         webhook.url = Url(value, {"https://", "http://"});
                       }},
                      {"secret_file", [&](const toml::node& value) { webhook.secret = Secret(value, FileSecret(value)); }},
                      {"secret_env", [&](const toml::node& value) { webhook.secret = Secret(value, EnvironmentSecret(value)); }},
                      {"private_network", [&](const toml::node& value) { webhook.private_network = Truth(value); }}});
    if (webhook.url.empty()) Blame(node.source(), fmt::format("`[webhooks.{}]` needs `url`", name));
  }

  std::string Secret(const toml::node& node, std::string_view text) {
    auto secret = DecodeWebhookSecret(text);
    if (!secret) {
      Blame(node.source(),
            "expected a secret of 24 to 64 bytes in base64, with `whsec_` in front if you like; make one with `openssl rand -base64 32`");
      return {};
    }
    return std::move(*secret);
  }

  void ReadRoutes(const toml::node& node) {
    const toml::array* routes = node.as_array();
    if (routes == nullptr) return Blame(node.source(), R"(expected a list of "email" and "chat")");
    for (const toml::node& route : *routes) {
      const std::string word = Text(route);
      if (word == "email") {
        config_.notification_routes |= kNotifyByEmail;
      } else if (word == "chat") {
        config_.notification_routes |= kNotifyByChat;
      } else {
        Blame(route.source(), R"(expected "email" or "chat")");
      }
    }
  }

  void CheckRoutes(const toml::table& table) {
    const auto is_lost = [this](std::uint8_t route, bool has_way) { return (config_.notification_routes & route) != 0 && !has_way; };
    if (is_lost(kNotifyByEmail, config_.smtp.has_value())) Blame(table.get("notifications")->source(), "\"email\" needs `[smtp]`");
    if (is_lost(kNotifyByChat, !config_.chat_url.empty())) Blame(table.get("notifications")->source(), "\"chat\" needs `[chat]`");
  }

  void ReadLimits(const toml::node& node) {
    const toml::table* table = Table(node, "[limits]");
    if (table == nullptr) return;
    OutboxOptions& outbox = config_.outbox;
    ReadKeys(*table, {{"attempts", [&](const toml::node& value) { outbox.attempts_max = Count(value, 1'000); }},
                      {"first_retry_seconds", [&](const toml::node& value) { outbox.first_retry = Seconds(value); }},
                      {"longest_retry_seconds", [&](const toml::node& value) { outbox.longest_retry = Seconds(value); }},
                      {"failures_to_rest", [&](const toml::node& value) { outbox.failures_to_rest = Count(value, 1'000); }},
                      {"first_rest_seconds", [&](const toml::node& value) { outbox.first_rest = Seconds(value); }},
                      {"longest_rest_seconds", [&](const toml::node& value) { outbox.longest_rest = Seconds(value); }},
                      {"per_destination", [&](const toml::node& value) { outbox.per_destination = Count(value, 100); }},
                      {"concurrency", [&](const toml::node& value) { config_.concurrency = Count(value, 100); }},
                      {"timeout_seconds", [&](const toml::node& value) { config_.timeout_ms = Milliseconds(value); }},
                      {"connect_timeout_seconds", [&](const toml::node& value) { config_.connect_timeout_ms = Milliseconds(value); }}});
  }

  std::int64_t Milliseconds(const toml::node& node) { return std::max<std::int64_t>(1, Seconds(node) / 1'000); }

  std::string_view name_;
  const SecretSources& secrets_;
  DeliveriesConfig config_;
  std::optional<Status> failure_;
};

}  // namespace

std::optional<std::string> DecodeWebhookSecret(std::string_view text) {
  if (text.substr(0, kSecretPrefix.size()) == kSecretPrefix) text.remove_prefix(kSecretPrefix.size());
  std::string secret;
  const bool decodes = absl::Base64Unescape(absl::string_view(text.data(), text.size()), &secret);
  if (!decodes || secret.size() < kSecretBytesMin || secret.size() > kSecretBytesMax) return std::nullopt;
  return secret;
}

Result<DeliveriesConfig> ParseDeliveries(std::string_view name, std::string_view text, const SecretSources& secrets) {
  return ConfigReader(name, secrets).Read(text);
}

}  // namespace stagecraft::runtime
