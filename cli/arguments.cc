#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <filesystem>
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
  // A group of options is a verb without a name to the library.
  for (const auto* verb : parent.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); })) {
    names.push_back(verb->get_name());
  }
  return names;
}

void AddHelp(CLI::App& app, Chosen& chosen) {
  struct Said {
    std::vector<std::string> words;
    bool json = false;
  };
  auto said = std::make_shared<Said>();
  auto* verb = app.add_subcommand("help", "Explain a finding by its code, an error by its reason, or a verb; without one, list them all");
  verb->footer("Examples:\n  stagecraft help SC0203\n  stagecraft help EVENT_ID_REUSED\n  stagecraft help check\n  stagecraft help");
  verb->add_option("TOPIC", said->words,
                   "A code (SC0203), its name in words (unknown-option), an error's reason (EVENT_ID_REUSED), or a verb");
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

// A word where a verb should stand that is none: what to say of it, and whose verbs to look at; nothing when there is no such word.
struct UnknownVerb {
  std::string message;
  std::string path;
};

std::optional<UnknownVerb> FindUnknownVerb(const CLI::App& app, int argc, char** argv) {
  const CLI::App* parent = &app;
  std::string path = app.get_name();
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const std::vector<std::string> names = VerbNames(*parent);
    const CLI::App* found = FindVerb(*parent, {argv[i]});
    if (names.empty()) return std::nullopt;
    if (found == nullptr) {
      const auto near = Nearest(argv[i], names);
      return UnknownVerb{"there is no verb `" + std::string(argv[i]) + "`" + (near ? "; did you mean `" + *near + "`?" : ""), path};
    }
    parent = found;
    path += " " + found->get_name();
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
  app.footer("See `stagecraft VERB --help` for examples, and `stagecraft help SC0203` for what a finding means.");
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
  AddRevisions(app, chosen);
  AddPublish(app, chosen);
  AddContacts(app, chosen);
  AddCompanies(app, chosen);
  AddDeals(app, chosen);
  AddLists(app, chosen);
  AddViews(app, chosen);
  AddTasks(app, chosen);
  AddUsers(app, chosen);
  AddWatch(app, chosen);
  AddNotifications(app, chosen);
  AddDeliveries(app, chosen);
  AddOperations(app, chosen);
  AddExplain(app, chosen);
  AddStats(app, chosen);
  AddMaintenance(app, chosen);
  AddDoctor(app, chosen);
  AddBackup(app, chosen);
  AddRestore(app, chosen);
  AddVerify(app, chosen);
  AddCompact(app, chosen);
  AddToken(app, chosen);
  AddAudit(app, chosen);
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
  if (const auto problem = FindUnknownVerb(app, argc, argv)) {
    PrintError(problem->message, "see `" + problem->path + " --help`");
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
