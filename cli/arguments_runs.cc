// The verbs about what rules did and do: explain, runs, retry, start, stop, enable, disable, events.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {

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
  auto* events = app.add_subcommand("events", "What has happened, and events whose rules did not come to an end");
  events->require_subcommand(1);
  auto list = std::make_shared<EventsListOptions>();
  auto* verb = AddVerb(*events, chosen, list, "list", "List events that were taken, newest first",
                       "  stagecraft events list --type 'meeting ends' --filter 'status is New'");
  verb->add_option("--contact", list->contact, "Only those of this contact");
  verb->add_option("--type", list->type, "Only those of this type, by any name that the vocabulary knows it by");
  verb->add_option("--filter", list->filter, "Only those of contacts that meet this condition, in the language");
  verb->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(verb, list->json);
  AddRemote(verb, list->remote);
  auto show = std::make_shared<EventsShowOptions>();
  verb = AddVerb(*events, chosen, show, "show", "Show an event, and what came of it", "  stagecraft events show form-4711");
  verb->add_option("ID", show->event, "The event's id")->required();
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);
  auto failed = std::make_shared<EventsFailedOptions>();
  verb = AddVerb(*events, chosen, failed, "failed", "List events that were kept as failed", "  stagecraft events failed");
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

}  // namespace stagecraft::cli
