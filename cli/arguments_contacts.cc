// The verbs about contacts and what belongs to them: contacts, companies, deals, lists, views.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {
namespace {

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

void AddListChange(CLI::App& lists, Chosen& chosen, bool add) {
  auto options = std::make_shared<ListsChangeOptions>();
  options->add = add;
  auto* verb = add ? AddVerb(lists, chosen, options, "add", "Add contacts to a list `by hand`; rules react to it as to any joining",
                             "  stagecraft lists add 'Going cold' ana@acme.example ben@acme.example\n\n"
                             "Exit code: 0 all are in it, 1 some could not be added (they are named), 2 could not run.")
                   : AddVerb(lists, chosen, options, "remove", "Remove contacts from a list `by hand`; rules react to it as to any leaving",
                             "  stagecraft lists remove 'Going cold' ana@acme.example\n\n"
                             "Exit code: 0 none is in it, 1 some could not be removed (they are named), 2 could not run.");
  verb->add_option("NAME", options->list, "The list")->required();
  verb->add_option("CONTACT", options->contacts, "The contacts' ids")->required();
  verb->add_option("--actor", options->actor, "Who does it: shown in the timeline");
  verb->add_option("--request-id", options->request_id, "Makes it safe to be repeated: with the same one nothing changes twice");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

}  // namespace

void AddContacts(CLI::App& app, Chosen& chosen) {
  auto* contacts = app.add_subcommand("contacts", "List, show, import, export, merge, delete and erase contacts");
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

  auto out = std::make_shared<ContactsExportOptions>();
  verb = AddVerb(*contacts, chosen, out, "export", "Write all contacts to standard output, as CSV that `import` understands, or NDJSON",
                 "  stagecraft contacts export > contacts.csv\n"
                 "  stagecraft contacts export --filter 'lifecycle is SQL' --columns email,status,score\n"
                 "  stagecraft contacts export --ndjson | jq .name");
  verb->add_option("--filter", out->filter, "Only contacts that meet this condition, in the language");
  verb->add_option("--columns", out->columns, "What to write of each; default: all that any of them has")->delimiter(',');
  verb->add_flag("--ndjson", out->ndjson, "One contact a line, as JSON in the form of the API, with when each value was changed");
  AddRemote(verb, out->remote);

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

void AddLists(CLI::App& app, Chosen& chosen) {
  auto* lists = app.add_subcommand("lists", "List the lists, show who is in one, add and remove contacts");
  lists->require_subcommand(1);

  auto list = std::make_shared<ListsListOptions>();
  auto* verb =
      AddVerb(*lists, chosen, list, "list", "List the lists of the scripts, and how many contacts are in each", "  stagecraft lists list");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  auto show = std::make_shared<ListsShowOptions>();
  verb = AddVerb(*lists, chosen, show, "show", "Show one list and the contacts in it", "  stagecraft lists show 'Going cold'");
  verb->add_option("NAME", show->list, "The list")->required();
  verb->add_option("--limit", show->limit, "How many of its contacts at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);

  AddListChange(*lists, chosen, true);
  AddListChange(*lists, chosen, false);
}

void AddViews(CLI::App& app, Chosen& chosen) {
  auto* views = app.add_subcommand("views", "List the views of the scripts, and look at one");
  views->require_subcommand(1);

  auto list = std::make_shared<ViewsListOptions>();
  auto* verb = AddVerb(*views, chosen, list, "list", "List the views of the scripts", "  stagecraft views list");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  auto show = std::make_shared<ViewsShowOptions>();
  verb = AddVerb(*views, chosen, show, "show", "Show the contacts of a view, with its columns and in its order",
                 "  stagecraft views show 'My new SQLs' --me ana@acme.example");
  verb->add_option("NAME", show->view, "The view")->required();
  verb->add_option("--me", show->user, "Who looks: what `me` means in the view");
  verb->add_option("--limit", show->limit, "How many contacts at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);
}

}  // namespace stagecraft::cli
