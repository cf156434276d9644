// Who may call: how verbs make themselves known to a server, and the verbs about tokens and the audit log.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {
namespace {

constexpr char kConnection[] = "Connection";

// The text of the file that an option names.
std::string TextOf(const std::string& option, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file || text.empty()) throw CLI::ValidationError(option, "`" + path + "` cannot be read, or is empty");
  return text;
}

void AddFile(CLI::App* verb, const std::string& option, std::string& text, const std::string& environment, const std::string& help) {
  const auto read = [option, &text](const std::string& path) { text = TextOf(option, path); };
  auto* added = verb->add_option_function<std::string>(option, read, help)->group(kConnection)->type_name("FILE");
  if (!environment.empty()) added->envname(environment);
}

}  // namespace

void AddRemote(CLI::App* verb, Remote& remote) {
  verb->add_option("--server", remote.server, "The server: HOST:PORT")
      ->envname("STAGECRAFT_SERVER")
      ->capture_default_str()
      ->group(kConnection);
  AddFile(verb, "--token-file", remote.token, "", "A file with the token to show; without it, STAGECRAFT_TOKEN");
  AddFile(verb, "--tls-ca", remote.tls_ca, "STAGECRAFT_TLS_CA", "Whom to trust, in PEM; without it, whom the system trusts");
  AddFile(verb, "--tls-cert", remote.tls_cert, "STAGECRAFT_TLS_CERT", "Our own certificate, in PEM, where the server wants one");
  AddFile(verb, "--tls-key", remote.tls_key, "STAGECRAFT_TLS_KEY", "The key of our certificate, in PEM");
  verb->add_flag("--insecure", remote.insecure, "No TLS, also to another machine")->group(kConnection);
}

void AddToken(CLI::App& app, Chosen& chosen) {
  auto* token = app.add_subcommand("token", "Say who may call a server");
  token->require_subcommand(1);
  auto create = std::make_shared<TokenCreateOptions>();
  auto* verb = AddVerb(*token, chosen, create, "create", "Make a token; its secret is shown once, and kept nowhere",
                       "  stagecraft token create crm-sync --role service --expires 365d --output crm-sync.token\n"
                       "  stagecraft token create ana@acme.example --role author --data /var/lib/stagecraft\n"
                       "  stagecraft token create ben@acme.example --role service --scope 'owner is \"ben@acme.example\"'\n\n"
                       "viewer   reads, checks and tests\n"
                       "service  also sends events and changes contacts, in anybody's name\n"
                       "author   also deploys scripts and operates rules, in its own name only\n"
                       "admin    everything, also what cannot be taken back\n\n"
                       "From the first token on a server lets nobody in without one. A running server learns of it within a second.");
  verb->add_option("HOLDER", create->holder, "Whose it is: a user or a service, as the history is to name it")->required();
  verb->add_option("--role", create->role, "What it is for: viewer, service, author or admin")->required();
  verb->add_option("--expires", create->expires, "After how long it is worth nothing: 90d, 12w, 24mo, 2y, or never")->default_str("90d");
  verb->add_option("--calls-per-second", create->calls_per_second, "How many calls it may make; 0: as many as the server takes")
      ->capture_default_str()
      ->check(WholeNumber());
  verb->add_option("--scope", create->scope, "For contacts that meet this condition only, in the language; they are all that it sees");
  verb->add_option("--output", create->output, "Write the secret to this new file, which only its owner may read, instead of showing it");
  verb->add_option("--data", create->data, "The server's data folder")->capture_default_str();

  auto list = std::make_shared<TokenListOptions>();
  verb = AddVerb(*token, chosen, list, "list", "List the tokens there are and were", "  stagecraft token list --data /var/lib/stagecraft");
  verb->add_option("--data", list->data, "The server's data folder")->capture_default_str();
  verb->add_flag("--json", list->json, "JSON instead of a table");

  auto revoke = std::make_shared<TokenRevokeOptions>();
  verb = AddVerb(*token, chosen, revoke, "revoke", "Take a token back: within a second it opens nothing any more",
                 "  stagecraft token revoke 5c0a91d2be47");
  verb->add_option("ID", revoke->id, "The token, as `token list` names it")->required();
  verb->add_option("--data", revoke->data, "The server's data folder")->capture_default_str();
}

void AddAudit(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<AuditOptions>();
  auto* verb = AddVerb(app, chosen, options, "audit", "List who changed what through a server, newest first",
                       "  stagecraft audit --data /var/lib/stagecraft\n"
                       "  stagecraft audit --limit 0 --json\n\n"
                       "What events changed, and who sent them, stands in the contacts' timelines.");
  verb->add_option("--data", options->data, "The server's data folder")->capture_default_str();
  verb->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  verb->add_flag("--json", options->json, "JSON instead of a table");
}

}  // namespace stagecraft::cli
