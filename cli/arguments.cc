#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/arguments_parts.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

// Puts what the word of an option stands for into `out`; says what is wrong when it is none of the choices. `words`: the choices.
template <typename Enum>
auto Chooser(Enum& out, std::map<std::string, Enum> choices, const std::string& words) {
  return [&out, choices = std::move(choices), words](const std::string& word) {
    const auto found = choices.find(word);
    if (found == choices.end()) return "`" + word + "` is none of its words; expected " + words;
    out = found->second;
    return std::string();
  };
}

// An option whose value is one of a few words. `words`: what stands in the help and in messages.
template <typename Enum>
void AddChoice(CLI::App* verb, const std::string& name, Enum& out, std::map<std::string, Enum> choices, const std::string& words) {
  const auto choose = Chooser(out, std::move(choices), words);
  const auto take = [name, choose](const std::string& word) {
    if (const std::string wrong = choose(word); !wrong.empty()) throw CLI::ValidationError(name, wrong);
  };
  verb->add_option_function<std::string>(name, take, words);
}

void AddServe(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ServeOptions>();
  auto* verb = AddVerb(app, chosen, options, "serve", "Run the server on a data folder",
                       "  stagecraft serve\n"
                       "  stagecraft serve --data /var/lib/stagecraft --scripts scripts/\n"
                       "  stagecraft serve --deliveries deliveries.toml");
  verb->add_option("--data", options->data, "Folder for the data; a new one is set up on the spot")->capture_default_str();
  verb->add_option("--listen", options->listen, "HOST:PORT to listen on; port 0 takes a free one")->capture_default_str();
  verb->add_option("--scripts", options->scripts, "Deploy the scripts of this folder first, if they have changed");
  verb->add_flag("--insecure", options->insecure, "Listen on other addresses than loopback, without encryption and passwords");
  verb->add_option("--deliveries", options->deliveries, "A TOML file that says where e-mails, webhooks and notifications go");
  verb->add_flag("--dry-run-deliveries", options->dry_deliveries, "Send nothing; log what would be sent");
}

void AddCheck(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CheckOptions>();
  auto* verb = AddVerb(app, chosen, options, "check", "Check scripts: all that is wrong with them, and how to mend it",
                       "  stagecraft check scripts/\n"
                       "  printf 'on SQL set status New\\n' | stagecraft check -\n"
                       "  stagecraft check scripts/ --fix\n"
                       "  stagecraft check scripts/ --fix --diff\n"
                       "  stagecraft check scripts/ --format sarif > findings.sarif\n\n"
                       "Exit code: 0 no errors, 1 errors, 2 could not run. Prints nothing when all is well.\n"
                       "How grave a finding is can be set in stagecraft.toml, in the folder of the scripts or above it.");
  verb->add_option("PATH", options->paths, "Files, folders with *.stage files, or - for standard input")->required();
  AddChoice(verb, "--format", options->format,
            {{"text", CheckFormat::kText},
             {"json", CheckFormat::kJson},
             {"sarif", CheckFormat::kSarif},
             {"junit", CheckFormat::kJunit},
             {"github", CheckFormat::kGithub}},
            "text, json, sarif, junit or github");
  verb->add_flag("--warnings-as-errors", options->warnings_as_errors, "Exit code 1 for warnings, too");
  auto* fix = verb->add_flag("--fix", options->fix, "Mend in the files what has one safe fix, tell what was mended, and show the rest");
  verb->add_flag("--diff", options->diff, "With --fix: change nothing; show what would change")->needs(fix);
}

void AddFormat(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<FormatOptions>();
  auto* verb = AddVerb(app, chosen, options, "fmt", "Lay scripts out in the one canonical way; what they say stays the same",
                       "  stagecraft fmt scripts/\n"
                       "  stagecraft fmt scripts/ --diff\n"
                       "  stagecraft fmt - < draft.stage\n\n"
                       "Changes the files; standard input goes to standard output. A declaration with a syntax error stays as it is.\n"
                       "Exit code: 0 done, 1 syntax errors, or with --check or --diff something would change, 2 could not run.");
  verb->add_option("PATH", options->paths, "Files, folders with *.stage files, or - for standard input")->required();
  verb->add_flag("--check", options->check, "Change nothing; list the files that would change");
  verb->add_flag("--diff", options->diff, "Change nothing; show what would change");
}

CLI::Validator Percent() {
  return CLI::Validator(
      [](std::string& text) {
        const bool whole = !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
        return whole && std::stoi(text) <= 100 ? std::string() : "`" + text + "` is no share in percent; expected 0 to 100";
      },
      "");
}

void AddTest(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<TestOptions>();
  auto* verb = AddVerb(app, chosen, options, "test", "Run the `test` blocks of scripts, with a clock that only they move",
                       "  stagecraft test scripts/\n"
                       "  stagecraft test scripts/ --filter hand-off --watch\n"
                       "  stagecraft test scripts/ --coverage=text\n"
                       "  stagecraft test scripts/ --coverage=lcov --coverage-output coverage.info --format junit > tests.xml\n"
                       "  stagecraft test scripts/ --mutate\n\n"
                       "Exit code: 0 all pass, 1 some fail, too many mutants survive or the scripts have errors, 2 could not run.");
  verb->add_option("PATH", options->paths, "Files, folders with *.stage files, or - for standard input")->required();
  verb->add_option("--filter", options->filter, "Only tests with this in their name");
  AddChoice(verb, "--format", options->format,
            {{"text", TestFormat::kText},
             {"json", TestFormat::kJson},
             {"junit", TestFormat::kJunit},
             {"github", TestFormat::kGithub},
             {"sarif", TestFormat::kSarif}},
            "text, json, junit, github or sarif");
  auto coverage = std::make_shared<std::string>();
  const auto choose = Chooser<CoverageFormat>(
      options->coverage, {{"text", CoverageFormat::kText}, {"json", CoverageFormat::kJson}, {"lcov", CoverageFormat::kLcov}},
      "text, json or lcov");
  verb->add_flag("--coverage{text}", *coverage,
                 "What the tests have seen of rules, branches, score lines, lists and definitions: --coverage=text, json or lcov")
      ->check(CLI::Validator([coverage, choose](std::string& word) { return choose(word); }, ""));
  verb->add_option("--coverage-output", options->coverage_output, "A file for the coverage (default: standard output)");
  verb->add_flag("--mutate", options->mutate, "Try small mistakes in the scripts, and list those that no test notices");
  verb->add_option("--mutation-at-least", options->mutation_at_least, "How many percent of the mutants a test must notice")
      ->capture_default_str()
      ->check(Percent());
  verb->add_flag("--watch", options->watch, "Run again whenever a script changes, until Ctrl-C");
  verb->add_option("--jobs", options->jobs, "Threads; 0: as many as the machine has")->capture_default_str()->check(WholeNumber());
}

void AddGraph(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<GraphOptions>();
  auto* verb =
      AddVerb(app, chosen, options, "graph", "Draw what the rules do: statuses and the rules between them, or which rule sets off which",
              "  stagecraft graph scripts/\n"
              "  stagecraft graph scripts/ --of lifecycle --output lifecycle.svg\n"
              "  stagecraft graph scripts/ --of rules --format mermaid\n\n"
              "Without a format: what the name of the output says (.dot, .gv, .mmd, .svg); on standard output dot. SVG needs Graphviz "
              "(`dot`) on this machine.\n"
              "Exit code: 0 done, 1 errors in the scripts, 2 could not run.");
  verb->add_option("PATH", options->paths, "Files or folders with *.stage files, or - for standard input")->required();
  verb->add_option("--of", options->of, "A property with options, such as status or lifecycle, or rules")->capture_default_str();
  const std::map<std::string, std::optional<GraphFormat>> formats = {
      {"dot", GraphFormat::kDot}, {"mermaid", GraphFormat::kMermaid}, {"svg", GraphFormat::kSvg}};
  AddChoice(verb, "--format", options->format, formats, "dot, mermaid or svg");
  verb->add_option("--output", options->output, "File to write (default: standard output)");
}

void AddRun(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RunOptions>();
  auto* verb = AddVerb(app, chosen, options, "run", "Run scripts over files, without a server: the same engine, nothing is kept",
                       "  stagecraft run scripts/ --contacts contacts.csv --events events.ndjson\n"
                       "  stagecraft run examples/olist --input ~/olist\n"
                       "  stagecraft run scripts/ --events events.ndjson --print tasks --format csv > tasks.csv\n\n"
                       "Exit code: 0 all went in, 1 some rows or events did not (they are named on stderr) or the scripts have errors,\n"
                       "2 could not run.");
  verb->add_option("SCRIPTS", options->scripts, "Files or folders with *.stage files")->required();
  verb->add_option("--contacts", options->contacts, "A CSV file of contacts, such as HubSpot exports");
  verb->add_option("--events", options->events, "A file of events, one JSON object a line");
  verb->add_option("--config", options->config, "How to read other files, and what to print (default: run.toml beside the scripts)");
  verb->add_option("--input", options->input, "Folder of the files that the configuration names (default: its own)");
  verb->add_option("--until", options->until, "Let time pass to this moment after the last event: 2026-10-31T09:00:00Z");
  AddChoice(verb, "--format", options->format,
            {{"table", RunFormat::kTable}, {"csv", RunFormat::kCsv}, {"ndjson", RunFormat::kNdjson}, {"json", RunFormat::kJson}},
            "table, csv, ndjson or json");
  AddChoice(verb, "--print", options->print,
            {{"tables", RunPrint::kTables},
             {"contacts", RunPrint::kContacts},
             {"tasks", RunPrint::kTasks},
             {"notifications", RunPrint::kNotifications}},
            "tables (counts), contacts, tasks or notifications");
}

void AddDeploy(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DeployOptions>();
  auto* verb = AddVerb(app, chosen, options, "deploy", "Make scripts the running ones of a server",
                       "  stagecraft deploy scripts/ --note 'four tries instead of three'\n"
                       "  stagecraft deploy scripts/ --dry-run");
  verb->add_option("PATH", options->paths, "Files or folders with *.stage files: all scripts of the new revision")->required();
  verb->add_option("--author", options->author, "Who deploys")->envname("USER");
  verb->add_option("--note", options->note, "Why");
  verb->add_flag("--dry-run", options->dry_run, "Only check, on the server");
  verb->add_flag("--enroll-existing", options->enroll_existing,
                 "Contacts that are there already start the new and changed rules whose state they are in");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
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

void AddContactsStanding(CLI::App& contacts, Chosen& chosen, ContactsStandingOptions::Change change, const char* name,
                         const char* description, const char* example) {
  auto options = std::make_shared<ContactsStandingOptions>();
  options->change = change;
  auto* verb = AddVerb(contacts, chosen, options, name, description, example);
  verb->add_option("CONTACT", options->contacts, "The contacts' ids")->required();
  verb->add_option("--actor", options->actor, "Who wants it: shown in the timeline");
  if (change == ContactsStandingOptions::Change::kErase) verb->add_flag("--yes", options->yes, "Really: nothing brings them back");
  AddRemote(verb, options->remote);
}

void AddContactsStandings(CLI::App& contacts, Chosen& chosen) {
  using Change = ContactsStandingOptions::Change;
  AddContactsStanding(contacts, chosen, Change::kDelete, "delete",
                      "Delete contacts so that they can be restored; all that is under way for them ends",
                      "  stagecraft contacts delete ana@acme.example");
  AddContactsStanding(contacts, chosen, Change::kRestore, "restore", "Restore deleted contacts",
                      "  stagecraft contacts restore ana@acme.example");
  AddContactsStanding(contacts, chosen, Change::kErase, "erase",
                      "Erase contacts for good, with their history; backups made before still have them",
                      "  stagecraft contacts erase ana@acme.example --yes --actor mika@acme.example");
  auto options = std::make_shared<ContactsMergeOptions>();
  auto* verb = AddVerb(contacts, chosen, options, "merge", "Make one contact part of another; this cannot be undone",
                       "  stagecraft contacts merge ana@acme.example ana.old@acme.example");
  verb->add_option("CONTACT", options->contact, "The contact that goes on: its values stay")->required();
  verb->add_option("OTHER", options->other, "The contact that becomes part of it")->required();
  verb->add_option("--actor", options->actor, "Who wants it: shown in the timeline");
  AddRemote(verb, options->remote);
}

void AddImport(CLI::App* verb, ContactsImportOptions& import) {
  verb->add_option("FILE", import.file, "A CSV file, separated by commas, semicolons or tabs, or - for standard input")->required();
  verb->add_option("--dates", import.dates, "How dates are written: DD-MM-YYYY or MM/DD/YYYY, with any separator");
  verb->add_option("--as-of", import.as_of, "The moment that the file is of: 2026-10-04T18:00:00Z (default: now)");
  verb->add_option("--mapping", import.mapping, "A TOML file that says which column goes to which property");
  AddJson(verb, import.json);
  AddRemote(verb, import.remote);
}

void AddContacts(CLI::App& app, Chosen& chosen) {
  auto* contacts = app.add_subcommand("contacts", "List, show, import, merge, delete and erase contacts");
  contacts->require_subcommand(1);

  auto list = std::make_shared<ContactsListOptions>();
  auto* verb = AddVerb(*contacts, chosen, list, "list", "List contacts",
                       "  stagecraft contacts list --filter 'lifecycle is SQL and score >= 50' --order-by 'score desc'\n"
                       "  stagecraft contacts list --columns name,status,owner\n"
                       "  stagecraft contacts list --count-by status");
  verb->add_option("--filter", list->filter, "Only contacts that meet this condition, in the language");
  verb->add_option("--order-by", list->order_by, "A property or score, with `desc` for the greatest first");
  verb->add_option("--columns", list->columns, "What to show of each")->delimiter(',');
  verb->add_option("--count-by", list->count_by, "Count them by this property instead of listing them");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  auto show = std::make_shared<ContactsShowOptions>();
  verb =
      AddVerb(*contacts, chosen, show, "show", "Show one contact and what happened to it", "  stagecraft contacts show ana@acme.example");
  verb->add_option("CONTACT", show->contact, "The contact's id")->required();
  verb->add_option("--timeline", show->timeline, "How many entries of its timeline")->capture_default_str()->check(WholeNumber());
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);

  auto import = std::make_shared<ContactsImportOptions>();
  verb = AddVerb(*contacts, chosen, import, "import", "Bring contacts in from a CSV file; HubSpot's exports are understood as they are",
                 "  stagecraft contacts import hubspot-crm-exports-all-contacts.csv\n"
                 "  stagecraft contacts import leads.csv --id Email --dates DD-MM-YYYY\n"
                 "  stagecraft contacts import leads.csv --mapping leads.toml\n\n"
                 "The same file twice changes nothing. Exit code 1 when a row stayed out; each is named with line, column and reason.");
  verb->add_option("--id", import->id_column, "The column that identifies the contact (default: Record ID, else Email)");
  AddImport(verb, *import);

  AddContactsStandings(*contacts, chosen);
}

void AddCompanies(CLI::App& app, Chosen& chosen) {
  auto* companies = app.add_subcommand("companies", "List, show and import companies");
  companies->require_subcommand(1);

  auto list = std::make_shared<CompaniesListOptions>();
  auto* verb = AddVerb(*companies, chosen, list, "list", "List companies",
                       "  stagecraft companies list --filter 'company employees >= 100'\n"
                       "  stagecraft companies list --columns 'company name,company lifecycle'");
  verb->add_option("--filter", list->filter, "Only companies that meet this condition on their properties, in the language");
  verb->add_option("--columns", list->columns, "What to show of each")->delimiter(',');
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  auto show = std::make_shared<CompaniesShowOptions>();
  verb = AddVerb(*companies, chosen, show, "show", "Show one company and its contacts", "  stagecraft companies show 3714021");
  verb->add_option("COMPANY", show->company, "The company's id")->required();
  verb->add_option("--members", show->members, "How many of its contacts")->capture_default_str()->check(WholeNumber());
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);

  auto import = std::make_shared<ContactsImportOptions>();
  import->companies = true;
  verb = AddVerb(*companies, chosen, import, "import", "Bring companies in from a CSV file; HubSpot's exports are understood as they are",
                 "  stagecraft companies import hubspot-crm-exports-all-companies.csv\n"
                 "  stagecraft companies import accounts.csv --id Domain\n\n"
                 "The same file twice changes nothing. Exit code 1 when a row stayed out; each is named with line, column and reason.");
  verb->add_option("--id", import->id_column, "The column that identifies the company (default: Record ID, else Company Domain Name)");
  AddImport(verb, *import);
}

void AddDeals(CLI::App& app, Chosen& chosen) {
  auto* deals = app.add_subcommand("deals", "List, show and move deals");
  deals->require_subcommand(1);

  auto list = std::make_shared<DealsListOptions>();
  auto* verb = AddVerb(*deals, chosen, list, "list", "List deals",
                       "  stagecraft deals list --open --stage Proposal\n"
                       "  stagecraft deals list --filter 'owner is \"ana@acme.example\"' --json");
  verb->add_option("--contact", list->contact, "Only those of this contact");
  verb->add_option("--pipeline", list->pipeline, "Only those of this pipeline");
  verb->add_option("--stage", list->stage, "Only those in this stage");
  verb->add_option("--filter", list->filter, "Only those of contacts that meet this condition, in the language");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  verb->add_flag("--open", list->open, "Only those that are neither won nor lost");
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  auto show = std::make_shared<DealsShowOptions>();
  verb = AddVerb(*deals, chosen, show, "show", "Show one deal and the stages it has been in", "  stagecraft deals show 1114112");
  verb->add_option("DEAL", show->deal, "The deal's id")->required();
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);

  auto move = std::make_shared<DealsMoveOptions>();
  verb = AddVerb(*deals, chosen, move, "move", "Move a deal to another stage; rules react to it as to any event `deal moved`",
                 "  stagecraft deals move 1114112 Won --actor ana@acme.example");
  verb->add_option("DEAL", move->deal, "The deal's id")->required();
  verb->add_option("STAGE", move->stage, "The stage, by its name")->required();
  verb->add_option("--actor", move->actor, "Who moves it: shown in the contact's timeline");
  AddJson(verb, move->json);
  AddRemote(verb, move->remote);
}

void AddNotifications(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<NotificationsOptions>();
  auto* verb =
      AddVerb(app, chosen, options, "notifications", "List what people were told", "  stagecraft notifications --to ana@acme.example");
  verb->add_option("--to", options->recipient, "Only those to this user");
  verb->add_option("--contact", options->contact, "Only those about this contact");
  verb->add_option("--filter", options->filter, "Only those about contacts that meet this condition, in the language");
  verb->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
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

void AddExplain(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  auto* verb = AddVerb(app, chosen, options, "explain", "Say why a value of a contact is what it is: the rule, its line, the event",
                       "  stagecraft explain ana@acme.example status\n"
                       "  stagecraft explain ana@acme.example score");
  verb->add_option("CONTACT", options->contact, "The contact's id")->required();
  auto* property = verb->add_option("PROPERTY", options->property, "A property, score, counter or list (default: status)");
  verb->add_option("--why-not", options->why_not, "Say why this rule did not run for the contact")->excludes(property);
  AddJson(verb, options->json);
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

void AddRuns(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RunsOptions>();
  auto* verb = AddVerb(app, chosen, options, "runs", "List what rules did, what they wait for and what they could not do",
                       "  stagecraft runs --state failed\n"
                       "  stagecraft runs --rule Chase --state waiting\n"
                       "  stagecraft runs --contact ana@acme.example");
  verb->add_option("--rule", options->rule, "Only runs of this rule: its name, or the text of its trigger");
  verb->add_option("--contact", options->contact, "Only runs for this contact");
  AddChoice(verb, "--state", options->state,
            {{"waiting", 1},
             {"paused", 2},
             {"to-begin", 3},
             {"done", 4},
             {"stopped", 5},
             {"left", 6},
             {"not-begun", 7},
             {"met", 8},
             {"missed", 9},
             {"ended", 10},
             {"failed", 11}},
            "waiting, paused, to-begin, done, stopped, left, not-begun, met, missed, ended or failed");
  verb->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddRetry(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RetryOptions>();
  auto* verb = AddVerb(app, chosen, options, "retry", "Do again what rules could not do",
                       "  stagecraft retry 4325376\n"
                       "  stagecraft retry --rule Hand-off\n\n"
                       "Numbers are those of `runs --state failed`. Exit code 1 when something failed again.");
  auto* which = verb->add_option_group("what");
  which->add_option("NUMBER", options->name, "One failure");
  which->add_option("--rule", options->rule, "All that this rule could not do");
  which->require_option(1);
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddStartAndStop(CLI::App& app, Chosen& chosen) {
  auto start = std::make_shared<StartOptions>();
  auto* verb = AddVerb(app, chosen, start, "start", "Start a sequence, or a rule `by hand`, for contacts",
                       "  stagecraft start Chase ana@acme.example ben@acme.example");
  verb->add_option("RULE", start->rule, "Its name")->required();
  verb->add_option("CONTACT", start->contacts, "The contacts' ids")->required();
  verb->add_option("--request-id", start->request_id, "Makes it safe to be repeated: with the same one nothing starts twice");
  AddJson(verb, start->json);
  AddRemote(verb, start->remote);

  auto stop = std::make_shared<StopOptions>();
  verb = AddVerb(app, chosen, stop, "stop", "End the runs of a rule or sequence",
                 "  stagecraft stop Chase --contact ana@acme.example --reason 'asked to be left alone'\n"
                 "  stagecraft stop Chase");
  verb->add_option("RULE", stop->rule, "Its name, or the text of its trigger")->required();
  verb->add_option("--contact", stop->contact, "Only the runs for this contact");
  verb->add_option("--reason", stop->reason, "Why; timelines show it");
  AddJson(verb, stop->json);
  AddRemote(verb, stop->remote);
}

void AddSwitches(CLI::App& app, Chosen& chosen) {
  for (const bool on : {true, false}) {
    auto options = std::make_shared<SwitchOptions>();
    options->on = on;
    auto* verb = on ? AddVerb(app, chosen, options, "enable", "Switch a rule on again", "  stagecraft enable Hand-off")
                    : AddVerb(app, chosen, options, "disable", "Switch a rule off until it is switched on: its runs stand still",
                              "  stagecraft disable Hand-off");
    verb->add_option("RULE", options->rule, "Its name, or the text of its trigger")->required();
    AddJson(verb, options->json);
    AddRemote(verb, options->remote);
  }
}

void AddEvents(CLI::App& app, Chosen& chosen) {
  auto* events = app.add_subcommand("events", "Events whose rules did not come to an end");
  events->require_subcommand(1);
  auto failed = std::make_shared<EventsFailedOptions>();
  auto* verb = AddVerb(*events, chosen, failed, "failed", "List events that were kept as failed", "  stagecraft events failed");
  verb->add_option("--limit", failed->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, failed->json);
  AddRemote(verb, failed->remote);
  auto retry = std::make_shared<EventsRetryOptions>();
  verb = AddVerb(*events, chosen, retry, "retry", "Apply a failed event once more, after the rules were mended",
                 "  stagecraft events retry 4325376\n\nExit code 1 when it failed again.");
  verb->add_option("NUMBER", retry->name, "Its number in `events failed`")->required();
  AddJson(verb, retry->json);
  AddRemote(verb, retry->remote);
}

// The verb that these words name (`contacts list`), or nothing; no words name the program itself.
const CLI::App* FindVerb(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* verb = &app;
  for (const std::string& word : words) {
    const auto verbs = verb->get_subcommands([&word](const CLI::App* v) { return v->get_name() == word; });
    if (verbs.empty()) return nullptr;
    verb = verbs.front();
  }
  return verb;
}

std::vector<std::string> VerbNames(const CLI::App& parent) {
  std::vector<std::string> names;
  for (const auto* verb : parent.get_subcommands([](const CLI::App*) { return true; })) names.push_back(verb->get_name());
  return names;
}

void AddHelp(CLI::App& app, Chosen& chosen) {
  struct Said {
    std::vector<std::string> words;
    bool json = false;
  };
  auto said = std::make_shared<Said>();
  auto* verb = app.add_subcommand("help", "Explain a finding by its code, or a verb; without either, list them all");
  verb->footer("Examples:\n  stagecraft help SC0203\n  stagecraft help check\n  stagecraft help");
  verb->add_option("TOPIC", said->words, "A code (SC0203), its name in words (unknown-option), or a verb");
  verb->add_flag("--json", said->json, "A code's page as JSON; without a topic, the list of codes");
  verb->final_callback([&app, &chosen, said] {
    const std::string topic = fmt::format("{}", fmt::join(said->words, " "));
    const CLI::App* about = FindVerb(app, said->words);
    const bool wants_codes = topic.empty() && said->json;
    if (about == nullptr || wants_codes) {
      chosen = HelpOptions{topic, said->json, VerbNames(app)};
      return;
    }
    // Not about->help(): of the program itself that would be the help of the verb being run, which is this one.
    fmt::print("{}", about->get_formatter()->make_help(about, topic.empty() ? app.get_name() : app.get_name() + " " + topic,
                                                       CLI::AppFormatMode::Normal));
    if (!topic.empty()) throw CLI::Success();
    chosen = HelpOptions{};
  });
}

void AddVersion(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<VersionOptions>();
  auto* verb = AddVerb(app, chosen, options, "version", "Print the version", "  stagecraft version");
  verb->add_flag("--json", options->json, "JSON instead of text");
}

// Where the command line got to, for messages: `stagecraft contacts list`.
std::string VerbPath(const CLI::App& app) {
  std::string path = "stagecraft";
  const CLI::App* verb = &app;
  for (auto chosen = verb->get_subcommands(); !chosen.empty(); chosen = verb->get_subcommands()) {
    verb = chosen.front();
    path += " " + verb->get_name();
  }
  return path;
}

// A word where a verb should stand that is none; nothing when there is no such word.
std::optional<std::string> UnknownVerb(const CLI::App& app, int argc, char** argv) {
  const CLI::App* parent = &app;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const std::vector<std::string> names = VerbNames(*parent);
    const CLI::App* found = FindVerb(*parent, {argv[i]});
    if (names.empty()) return std::nullopt;
    if (found == nullptr) {
      const auto near = Nearest(argv[i], names);
      return "there is no verb `" + std::string(argv[i]) + "`" + (near ? "; did you mean `" + *near + "`?" : "");
    }
    parent = found;
  }
  return std::nullopt;
}

// The word of `--coverage` written apart, where it is taken for a script; nothing when a file has that name.
std::optional<std::string> CoverageApart(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    const std::string word = argv[i + 1];
    if (std::string_view(argv[i]) != "--coverage" || (word != "text" && word != "json" && word != "lcov")) continue;
    std::error_code error;
    if (!std::filesystem::exists(word, error)) return fmt::format("`--coverage` and its word belong together; write `--coverage={}`", word);
  }
  return std::nullopt;
}

// Everything but paths goes into messages, and those carry text only.
std::optional<std::string> NoText(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!InvalidUtf8(argv[i])) continue;
    return fmt::format("argument {} is not valid UTF-8", i);
  }
  return std::nullopt;
}

// CLI11's own words, in the style of the house: lower case, no final stop, and what to do next.
int Report(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // help
  std::string message = error.what();
  // A sentence begins with a small letter; the name of an argument (`PATH`) keeps its own.
  if (message.size() > 1 && std::isupper(static_cast<unsigned char>(message[0])) && !std::isupper(static_cast<unsigned char>(message[1]))) {
    message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  }
  if (message == "A subcommand is required" || message == "a subcommand is required") message = "a verb is missing";
  PrintError(message, "see `" + VerbPath(app) + " --help`");
  return kFailed;
}

}  // namespace

std::variant<Command, int> ParseArguments(int argc, char** argv) {
  CLI::App app("Lead management as code: check scripts, run them, serve them.", "stagecraft");
  app.require_subcommand(1);
  app.footer(
      "See `stagecraft VERB --help` for examples, and `stagecraft help SC0203` for what a finding means. To see all at work: make run.");
  app.set_version_flag("--version", "stagecraft " STAGECRAFT_VERSION, "Print the version");
  app.get_formatter()->column_width(28);
  Chosen chosen;
  AddServe(app, chosen);
  AddCheck(app, chosen);
  AddFormat(app, chosen);
  AddTest(app, chosen);
  AddGraph(app, chosen);
  AddRun(app, chosen);
  AddDeploy(app, chosen);
  AddPublish(app, chosen);
  AddContacts(app, chosen);
  AddCompanies(app, chosen);
  AddDeals(app, chosen);
  AddTasks(app, chosen);
  AddUsers(app, chosen);
  AddNotifications(app, chosen);
  AddDeliveries(app, chosen);
  AddExplain(app, chosen);
  AddBackup(app, chosen);
  AddRestore(app, chosen);
  AddVerify(app, chosen);
  AddRuns(app, chosen);
  AddRetry(app, chosen);
  AddStartAndStop(app, chosen);
  AddSwitches(app, chosen);
  AddEvents(app, chosen);
  AddHelp(app, chosen);
  AddVersion(app, chosen);
  if (const auto problem = NoText(argc, argv)) {
    PrintError(*problem);
    return kFailed;
  }
  if (const auto problem = UnknownVerb(app, argc, argv)) {
    PrintError(*problem, "see `stagecraft --help`");
    return kFailed;
  }
  if (const auto problem = CoverageApart(argc, argv)) {
    PrintError(*problem, "see `stagecraft test --help`");
    return kFailed;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Report(app, error);
  }
  if (!chosen) return kFailed;
  return *chosen;
}

}  // namespace stagecraft::cli
