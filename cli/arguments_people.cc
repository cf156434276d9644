// The verbs about people and what they are asked to do: tasks, users.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {
namespace {

void AddTaskChange(CLI::App& tasks, Chosen& chosen, TaskChangeOptions::Kind kind, const std::string& name, const std::string& description,
                   const std::string& examples) {
  using Kind = TaskChangeOptions::Kind;
  auto options = std::make_shared<TaskChangeOptions>();
  options->kind = kind;
  auto* verb = AddVerb(tasks, chosen, options, name, description, examples);
  if (kind == Kind::kCreate) {
    verb->add_option("CONTACT", options->contact, "The contact's id")->required();
    verb->add_option("TITLE", options->title, "What is to be done")->required();
  } else {
    verb->add_option("TASK", options->task, "The task's number, as `stagecraft tasks` shows it")->required();
  }
  if (kind == Kind::kCreate || kind == Kind::kChange) {
    if (kind == Kind::kChange) verb->add_option("--title", options->title, "What is to be done");
    verb->add_option("--for", options->assignee, "Who is to do it");
    verb->add_option("--due", options->due,
                     "When it is due: 2026-10-12 or `2026-10-12 09:00`, in this machine's zone, or 2026-10-12T09:00:00+09:00");
    verb->add_option("--priority", options->priority, "low, normal or high");
  }
  verb->add_option("--actor", options->actor, "Who says so: shown in the timeline");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddUserChange(CLI::App& users, Chosen& chosen, UserChangeOptions::Kind kind, const std::string& name, const std::string& description,
                   const std::string& examples) {
  auto options = std::make_shared<UserChangeOptions>();
  options->kind = kind;
  auto* verb = AddVerb(users, chosen, options, name, description, examples);
  verb->add_option("USER", options->user, "The user's e-mail address")->required();
  if (kind == UserChangeOptions::Kind::kAway) {
    verb->add_option("--from", options->from, "When it begins: as --until (default: now)");
    verb->add_option("--until", options->until,
                     "When the user is there again: 2026-10-12 or `2026-10-12 09:00`, in this machine's zone, or 2026-10-12T09:00:00+09:00")
        ->required();
    verb->add_option("--note", options->note, "Why: shown where the user is passed over");
  }
  verb->add_option("--actor", options->actor, "Who says so: kept in the journal");
  verb->add_flag("--new", options->is_new, "Nobody has heard of the user yet");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

}  // namespace

void AddTasks(CLI::App& app, Chosen& chosen) {
  using Kind = TaskChangeOptions::Kind;
  auto* tasks = app.add_subcommand("tasks", "List tasks; create, complete and change them");
  tasks->require_subcommand(0, 1);
  tasks->footer(
      "Examples:\n"
      "  stagecraft tasks --assignee ana@acme.example\n"
      "  stagecraft tasks --overdue\n"
      "  stagecraft tasks --filter 'lifecycle is SQL' --json\n"
      "  stagecraft tasks complete 65536\n\n"
      "Open ones stand first, by the time when they are due.");
  auto options = std::make_shared<TasksOptions>();
  // The verb below it, if there is one, is parsed first.
  tasks->final_callback([&chosen, tasks, options] {
    if (tasks->get_subcommands().empty()) chosen = *options;
  });
  tasks->add_option("--assignee", options->assignee, "Only those of this user");
  tasks->add_option("--contact", options->contact, "Only those of this contact");
  tasks->add_option("--filter", options->filter, "Only those of contacts that meet this condition, in the language");
  tasks->add_option("--limit", options->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  tasks->add_flag("--all", options->all, "Completed ones, too");
  tasks->add_flag("--overdue", options->overdue, "Only open ones that should be done by now");
  AddJson(tasks, options->json);
  AddRemote(tasks, options->remote);

  AddTaskChange(*tasks, chosen, Kind::kCreate, "create", "Ask somebody to do something about a contact",
                "  stagecraft tasks create ana@acme.example 'Send the contract' --for ben@acme.example --due 2026-10-12");
  AddTaskChange(*tasks, chosen, Kind::kComplete, "complete", "Say that a task is done",
                "  stagecraft tasks complete 65536 --actor ben@acme.example");
  AddTaskChange(*tasks, chosen, Kind::kReopen, "reopen", "Say that a task is not done after all", "  stagecraft tasks reopen 65536");
  AddTaskChange(*tasks, chosen, Kind::kChange, "change", "Give a task to somebody else, or another due time, title or priority",
                "  stagecraft tasks change 65536 --for aya@acme.example\n"
                "  stagecraft tasks change 65536 --due 2026-10-14 --priority high");
}

void AddUsers(CLI::App& app, Chosen& chosen) {
  using Kind = UserChangeOptions::Kind;
  auto* users = app.add_subcommand("users", "List users, say who is away, and see who got what");
  users->require_subcommand(1);

  auto list = std::make_shared<UsersListOptions>();
  auto* verb =
      AddVerb(*users, chosen, list, "list", "List the users: those whom scripts name, who own something, or of whom something was said",
              "  stagecraft users list\n  stagecraft users list --team 'Inside Sales'");
  verb->add_option("--team", list->team, "Only members and managers of this team");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);

  AddUserChange(*users, chosen, Kind::kAway, "away", "Say when a user is away: they get nothing by rotation or by load then",
                "  stagecraft users away ana@acme.example --until 2026-10-12 --note 'holidays'\n"
                "  stagecraft users away ana@acme.example --from 2026-12-21 --until 2027-01-04");
  AddUserChange(*users, chosen, Kind::kBack, "back", "Say that a user is there again: what lasts now ends",
                "  stagecraft users back ana@acme.example");
  AddUserChange(*users, chosen, Kind::kDeactivate, "deactivate", "Say that a user works here no more: they get nothing at all",
                "  stagecraft users deactivate ana@acme.example");
  AddUserChange(*users, chosen, Kind::kActivate, "activate", "Take a deactivation back", "  stagecraft users activate ana@acme.example");

  auto assignments = std::make_shared<AssignmentsOptions>();
  verb = AddVerb(*users, chosen, assignments, "assignments", "List who got which contact from a team, and why, newest first",
                 "  stagecraft users assignments --team 'Inside Sales'\n"
                 "  stagecraft users assignments --user ana@acme.example --lost");
  verb->add_option("--team", assignments->team, "Only those from this team");
  verb->add_option("--user", assignments->user, "Only those of this user");
  verb->add_flag("--lost", assignments->lost, "Turns that were passed on, too");
  verb->add_option("--limit", assignments->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, assignments->json);
  AddRemote(verb, assignments->remote);
}

}  // namespace stagecraft::cli
