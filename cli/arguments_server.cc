// The verbs about the server, its data, and what goes in and out: serve, publish, notifications, deliveries, operations, backup, restore,
// verify.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {

void AddServe(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ServeOptions>();
  auto* verb = AddVerb(app, chosen, options, "serve", "Run the server on a data folder",
                       "  stagecraft serve\n"
                       "  stagecraft serve --data /var/lib/stagecraft --scripts scripts/\n"
                       "  stagecraft serve --deliveries deliveries.toml");
  verb->add_option("--data", options->data, "Folder for the data; a new one is set up on the spot")->capture_default_str();
  verb->add_option("--listen", options->listen, "HOST:PORT to listen on; port 0 takes a free one")->capture_default_str();
  verb->add_option("--scripts", options->scripts, "Deploy the scripts of this folder first, if they have changed");
  auto* cert = verb->add_option("--tls-cert", options->tls_cert, "Encrypt: the server's certificate, a file in PEM");
  auto* key = verb->add_option("--tls-key", options->tls_key, "The certificate's key, a file in PEM")->needs(cert);
  cert->needs(key);
  verb->add_option("--tls-client-ca", options->tls_client_ca, "Let only callers in who show a certificate of this authority, a file in PEM")
      ->needs(cert);
  verb->add_flag("--insecure", options->insecure, "Listen on other addresses than loopback, also without encryption or tokens");
  verb->add_option(
      "--http-listen", options->http_listen,
      "HOST:PORT for HTTP: calls from browsers and curl, /healthz, /metrics; default: the port after that of --listen; off: none");
  verb->add_option("--http-allow-origin", options->http_origins,
                   "Let web pages of this origin make calls: https://crm.acme.example; may be repeated");
  verb->add_option("--public-url", options->public_url,
                   "Where others find the HTTP port, such as behind a proxy: https://crm.acme.example");
  verb->add_option("--hubspot-secret-file", options->hubspot_secret_file,
                   "Take HubSpot's webhooks at /webhooks/hubspot: a file with the app's client secret (or STAGECRAFT_HUBSPOT_SECRET)");
  verb->add_option("--webhook-secret-file", options->webhook_secret_file,
                   "Take events at /webhooks/generic: a file with the secret of a Standard Webhooks sender (or STAGECRAFT_WEBHOOK_SECRET)");
  verb->add_option("--deliveries", options->deliveries, "A TOML file that says where e-mails, webhooks and notifications go");
  AddChoice(verb, "--log-format", options->log_json, {{"text", false}, {"json", true}},
            "text or json: lines of the log, on standard error");
  AddChoice(verb, "--log-level", options->log_level,
            {{"debug", ServeOptions::LogLevel::kDebug},
             {"info", ServeOptions::LogLevel::kInfo},
             {"warn", ServeOptions::LogLevel::kWarn},
             {"error", ServeOptions::LogLevel::kError}},
            "debug (a line for each call), info, warn or error");
  verb->add_option("--drain-seconds", options->drain_seconds, "How long calls under way may go on when the server is told to stop")
      ->capture_default_str()
      ->check(WholeNumber());
  verb->add_flag("--dry-run-deliveries", options->dry_deliveries, "Send nothing; log what would be sent");
}

void AddPublish(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<PublishOptions>();
  auto* verb =
      AddVerb(app, chosen, options, "publish", "Send events to a server",
              "  stagecraft publish events.ndjson\n"
              "  echo '{\"contact\": \"ana@acme.example\", \"type\": \"meeting ends\", \"occurred_at\": \"2026-10-05T09:14:00Z\"}' |\n"
              "    stagecraft publish -\n\n"
              "One JSON object a line: contact, type, occurred_at, and if you like id, actor, fields, properties, create_if_missing.\n"
              "The same file twice changes nothing. Exit code 1 when an event was rejected.");
  verb->add_option("FILE", options->file, "A file of events, one JSON object a line, or - for standard input")->required();
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddWatch(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<WatchOptions>();
  auto* verb = AddVerb(app, chosen, options, "watch", "Show what happens, as it happens",
                       "  stagecraft watch\n"
                       "  stagecraft watch --filter 'lifecycle is SQL' --json\n\n"
                       "Ends with Ctrl-C. When the server is away for a while it goes on where it was, and misses nothing.");
  verb->add_option("--contact", options->contact, "Only what happens to this contact");
  verb->add_option("--filter", options->filter, "Only what happens to contacts that meet this condition, in the language");
  verb->add_option("--cursor", options->cursor, "Go on behind this cursor of the API");
  verb->add_option("--count", options->count, "End after so many; 0: never")->capture_default_str()->check(WholeNumber());
  verb->add_flag("--json", options->json, "One JSON object a line");
  AddRemote(verb, options->remote);
}

void AddNotifications(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<NotificationsOptions>();
  auto* notifications = app.add_subcommand("notifications", "List what people were told, and say what they have read");
  notifications->footer(
      "Examples:\n"
      "  stagecraft notifications --to ana@acme.example --unread\n"
      "  stagecraft notifications read 524288 524289");
  notifications->require_subcommand(0, 1);
  // The verb comes after what stands below it.
  notifications->final_callback([&chosen, options, notifications] {
    if (notifications->get_subcommands().empty()) chosen = *options;
  });
  notifications->add_option("--to", options->recipient, "Only those to this user");
  notifications->add_option("--contact", options->contact, "Only those about this contact");
  notifications->add_option("--filter", options->filter, "Only those about contacts that meet this condition, in the language");
  notifications->add_flag("--unread", options->unread, "Only those that were not read");
  notifications->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(notifications, options->json);
  AddRemote(notifications, options->remote);

  auto read = std::make_shared<NotificationsReadOptions>();
  auto* verb = AddVerb(*notifications, chosen, read, "read", "Say that notifications were read",
                       "  stagecraft notifications read 524288 524289\n"
                       "  stagecraft notifications read 524288 --unread");
  verb->add_option("ID", read->ids, "The notifications, 1 to 1000")->required();
  verb->add_flag("--unread", read->unread, "That they were not read, after all");
  verb->add_option("--actor", read->actor, "Who says so");
  AddRemote(verb, read->remote);
}

void AddDeliveries(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DeliveriesOptions>();
  auto* deliveries = app.add_subcommand("deliveries", "List what is sent to the world outside, and have it tried again");
  deliveries->footer(
      "Examples:\n"
      "  stagecraft deliveries --state dead\n"
      "  stagecraft deliveries --name crm --json\n"
      "  stagecraft deliveries retry 8847360\n"
      "  stagecraft deliveries retry --dead --name crm");
  deliveries->require_subcommand(0, 1);
  // The verb comes after what stands below it.
  deliveries->final_callback([&chosen, options, deliveries] {
    if (deliveries->get_subcommands().empty()) chosen = *options;
  });
  AddChoice(deliveries, "--state", options->state,
            {{"pending", DeliveryState::kPending},
             {"waiting", DeliveryState::kWaiting},
             {"sent", DeliveryState::kSent},
             {"sent-dry", DeliveryState::kSentDry},
             {"dead", DeliveryState::kDead}},
            "pending, waiting, sent, sent-dry or dead");
  deliveries->add_option("--name", options->sender, "Only those of this template or webhook");
  deliveries->add_option("--contact", options->contact, "Only those about this contact");
  deliveries->add_option("--filter", options->filter, "Only those about contacts that meet this condition, in the language");
  deliveries->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(deliveries, options->json);
  AddRemote(deliveries, options->remote);

  auto retry = std::make_shared<DeliveriesRetryOptions>();
  auto* verb = AddVerb(*deliveries, chosen, retry, "retry", "Have deliveries that wait or are dead tried at once",
                       "  stagecraft deliveries retry 8847360\n"
                       "  stagecraft deliveries retry --dead --name crm\n\n"
                       "Exit code: 0 done, 1 one of them was sent already or is not there, 2 could not run.");
  auto* ids = verb->add_option("ID", retry->ids, "The deliveries");
  auto* dead = verb->add_flag("--dead", retry->dead, "All that are dead")->excludes(ids);
  verb->add_option("--name", retry->sender, "With --dead: only those of this template or webhook")->needs(dead);
  AddRemote(verb, retry->remote);
}

void AddOperations(CLI::App& app, Chosen& chosen) {
  auto* operations = app.add_subcommand("operations", "See how far imports, enrolments and backups are, wait for them, end them");
  operations->footer(
      "Examples:\n"
      "  stagecraft operations list --running\n"
      "  stagecraft operations wait enrolment-7\n"
      "  stagecraft operations cancel enrolment-7");
  operations->require_subcommand(1);

  auto list = std::make_shared<OperationsListOptions>();
  auto* listing = AddVerb(*operations, chosen, list, "list", "List them, the newest first",
                          "  stagecraft operations list\n"
                          "  stagecraft operations list --running --json");
  listing->add_flag("--running", list->running, "Only those that are not over");
  listing->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(listing, list->json);
  AddRemote(listing, list->remote);

  const auto add_name = [](CLI::App* verb, std::string& name) {
    verb->add_option("NAME", name, "The operation, as `stagecraft operations list` shows it")->required();
  };
  auto show = std::make_shared<OperationsShowOptions>();
  auto* showing = AddVerb(*operations, chosen, show, "show", "Show one", "  stagecraft operations show enrolment-7");
  add_name(showing, show->name);
  AddJson(showing, show->json);
  AddRemote(showing, show->remote);

  auto cancel = std::make_shared<OperationsCancelOptions>();
  auto* cancelling = AddVerb(*operations, chosen, cancel, "cancel", "Have one end before it is done",
                             "  stagecraft operations cancel enrolment-7\n\n"
                             "What it has done stays done: rows that are in stay in, and who is enrolled stays enrolled. A backup that is\n"
                             "cancelled is none. Wants the role of whoever may begin such an operation.");
  add_name(cancelling, cancel->name);
  AddRemote(cancelling, cancel->remote);

  auto wait = std::make_shared<OperationsWaitOptions>();
  auto* waiting = AddVerb(*operations, chosen, wait, "wait", "Wait until one is over, and show it",
                          "  stagecraft operations wait enrolment-7\n\n"
                          "Exit code: 0 done, 1 failed or cancelled, 2 could not run.");
  add_name(waiting, wait->name);
  AddJson(waiting, wait->json);
  AddRemote(waiting, wait->remote);
}

void AddStats(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<StatsOptions>();
  auto* verb = AddVerb(app, chosen, options, "stats", "Show what a server does and holds", "  stagecraft stats\n  stagecraft stats --json");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddMaintenance(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<MaintenanceOptions>();
  auto* verb =
      AddVerb(app, chosen, options, "maintenance", "Have a server change nothing for a while, or again as always",
              "  stagecraft maintenance on --note 'back at 14:00 UTC'\n"
              "  stagecraft maintenance off\n\n"
              "What is asked is answered; events and changes are refused, and those who send them try again. Timers and deliveries go\n"
              "on. It ends with `off`, or when the server is started again.");
  const auto choose = Chooser(options->on, {{"on", true}, {"off", false}}, "on or off");
  const auto take = [choose](const std::string& word) {
    if (const std::string wrong = choose(word); !wrong.empty()) throw CLI::ValidationError("STATE", wrong);
  };
  verb->add_option_function<std::string>("STATE", take, "on or off")->required();
  verb->add_option("--note", options->note, "What callers are told that are refused");
  AddRemote(verb, options->remote);
}

void AddDoctor(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DoctorOptions>();
  auto* verb = AddVerb(
      app, chosen, options, "doctor", "Look whether all is well with a server, its data folder and this machine",
      "  stagecraft doctor\n"
      "  stagecraft doctor --data /var/lib/stagecraft\n\n"
      "Changes nothing. Exit code 0 when nothing is wrong (advice is printed), 1 when something is. `verify` looks at each byte of\n"
      "a data folder that no server uses.");
  verb->add_option("--data", options->data, "Look at this data folder, too; a server may be using it");
  verb->add_flag("--json", options->json, "JSON instead of text");
  AddRemote(verb, options->remote);
}

void AddBackup(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<BackupOptions>();
  auto* verb = AddVerb(app, chosen, options, "backup", "Copy all data into a new folder, while the server runs",
                       "  stagecraft backup backups/2026-10-05\n"
                       "  stagecraft backup backups/2026-10-05 --data stagecraft.data    (no server uses that folder)");
  verb->add_option("OUT", options->output, "The folder to make")->required();
  AddRemote(verb, options->remote);
  verb->add_option("--data", options->data, "Copy this data folder, which no server may be using, instead of asking a server");
}

void AddRestore(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RestoreOptions>();
  auto* verb = AddVerb(app, chosen, options, "restore", "Make a data folder of a backup, when the backup is clean",
                       "  stagecraft restore backups/2026-10-05 --data stagecraft.data\n\n"
                       "Exit code: 0 done, 1 the backup is damaged (nothing was restored), 2 could not run.");
  verb->add_option("BACKUP", options->backup, "A folder that `backup` made")->required();
  verb->add_option("--data", options->data, "The data folder to make; one that is there must be empty")->capture_default_str();
}

void AddVerify(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<VerifyOptions>();
  auto* verb = AddVerb(app, chosen, options, "verify", "Look at everything in a data folder, and say what is damaged",
                       "  stagecraft verify stagecraft.data\n\n"
                       "No server may be using the folder. Nothing in it is changed.\n"
                       "Exit code: 0 clean, 1 something is damaged, 2 could not look.");
  verb->add_option("DIR", options->data, "The data folder")->required();
  verb->add_flag("--json", options->json, "JSON instead of lines");
}

void AddCompact(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CompactOptions>();
  auto* verb = AddVerb(app, chosen, options, "compact", "Take old history that nothing present goes back to out of a data folder",
                       "  stagecraft compact stagecraft.data --keep 24mo --dry-run\n"
                       "  stagecraft compact stagecraft.data --keep 24mo\n\n"
                       "The period counts from when a record came in, not from the time that the event gives of itself: an import of old\n"
                       "history is kept as long as what happened on its day.\n\n"
                       "No server may be using the folder. For a while it takes twice its room on the disk. What was removed does not\n"
                       "come back; make a backup first.");
  verb->add_option("DIR", options->data, "The data folder")->required();
  verb->add_option("--keep", options->keep,
                   "How much history stays whole, back from now: days, weeks, months or years (90d, 12w, 24mo, 2y)")
      ->required();
  verb->add_flag("--dry-run", options->dry_run, "Say what would be removed, and remove nothing");
}

}  // namespace stagecraft::cli
