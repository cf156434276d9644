// The verbs that read scripts: check, fmt, test, graph, run, deploy.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cli/arguments_parts.h"

namespace stagecraft::cli {
namespace {

CLI::Validator Percent() {
  return CLI::Validator(
      [](std::string& text) {
        const bool whole = !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
        return whole && std::stoi(text) <= 100 ? std::string() : "`" + text + "` is no share in percent; expected 0 to 100";
      },
      "");
}

}  // namespace

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
  verb->add_option("--author", options->author, "Who deploys; without it, whose the token is, or the user of this machine");
  verb->add_option("--note", options->note, "Why");
  verb->add_flag("--dry-run", options->dry_run, "Only check, on the server");
  verb->add_flag("--enroll-existing", options->enroll_existing,
                 "Contacts that are there already start the new and changed rules whose state they are in");
  AddJson(verb, options->json);
  AddRemote(verb, options->remote);
}

void AddRevisions(CLI::App& app, Chosen& chosen) {
  auto* revisions = app.add_subcommand("revisions", "List what was deployed, the newest first; show the scripts of a revision");
  revisions->footer(
      "Examples:\n"
      "  stagecraft revisions\n"
      "  stagecraft revisions show 3\n"
      "  stagecraft revisions show --output scripts/");
  revisions->require_subcommand(0, 1);
  auto list = std::make_shared<RevisionsOptions>();
  revisions->final_callback([&chosen, list, revisions] {
    if (revisions->get_subcommands().empty()) chosen = *list;
  });
  revisions->add_option("--limit", list->limit, "How many at most; 0: all")->capture_default_str()->check(WholeNumber());
  AddJson(revisions, list->json);
  AddRemote(revisions, list->remote);

  auto show = std::make_shared<RevisionsShowOptions>();
  auto* verb = AddVerb(*revisions, chosen, show, "show", "Show the scripts of a revision, or write them into a folder",
                       "  stagecraft revisions show 3\n  stagecraft revisions show 3 --output scripts-of-3/");
  verb->add_option("REVISION", show->revision, "Its number; without one, the running revision");
  verb->add_option("--output", show->output, "A folder to make, for the scripts, instead of standard output");
  AddJson(verb, show->json);
  AddRemote(verb, show->remote);

  auto diff = std::make_shared<DiffOptions>();
  verb = AddVerb(app, chosen, diff, "diff", "What is other in the scripts of two revisions, or in scripts that are not deployed yet",
                 "  stagecraft diff              the running revision, against the one before\n"
                 "  stagecraft diff 3            the running revision, against revision 3\n"
                 "  stagecraft diff 3 5          revision 5, against revision 3\n"
                 "  stagecraft diff scripts/     these scripts, against the running revision\n\n"
                 "Exit code: 0 the same, 1 there is something, 2 could not look.");
  verb->add_option("REVISION", diff->names, "One or two revisions by number, or files and folders of scripts");
  AddJson(verb, diff->json);
  AddRemote(verb, diff->remote);

  auto rollback = std::make_shared<RollbackOptions>();
  verb = AddVerb(app, chosen, rollback, "rollback", "Deploy the scripts of an earlier revision once more",
                 "  stagecraft rollback 3 --note 'the new score lost us leads'\n"
                 "  stagecraft rollback 3 --dry-run");
  verb->add_option("REVISION", rollback->revision, "Its number")->required();
  verb->add_option("--author", rollback->author, "Who deploys; without it, whose the token is, or the user of this machine");
  verb->add_option("--note", rollback->note, "Why");
  verb->add_flag("--dry-run", rollback->dry_run, "Only say what would come of it");
  verb->add_flag("--enroll-existing", rollback->enroll_existing,
                 "Contacts that are there already start the new and changed rules whose state they are in");
  AddJson(verb, rollback->json);
  AddRemote(verb, rollback->remote);
}

}  // namespace stagecraft::cli
