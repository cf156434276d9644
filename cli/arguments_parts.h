// What the files that say the arguments of verbs share. Included by arguments….cc only.
#ifndef STAGECRAFT_CLI_ARGUMENTS_PARTS_H_
#define STAGECRAFT_CLI_ARGUMENTS_PARTS_H_

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/options.h"

namespace stagecraft::cli {

// The command of the verb that was given; verbs set it when CLI11 has parsed them.
using Chosen = std::optional<Command>;

// A sub-command with its examples, which fills `options` and chooses them.
template <typename Options>
CLI::App* AddVerb(CLI::App& parent, Chosen& chosen, std::shared_ptr<Options> options, const std::string& name,
                  const std::string& description, const std::string& examples) {
  auto* verb = parent.add_subcommand(name, description);
  verb->footer("Examples:\n" + examples);
  verb->final_callback([&chosen, options] { chosen = *options; });
  return verb;
}

// --server, and what makes a connection safe. arguments_access.cc
void AddRemote(CLI::App* verb, Remote& remote);

inline void AddJson(CLI::App* verb, bool& json) { verb->add_flag("--json", json, "JSON instead of text, in the form of the API"); }

// 0, 1, 2 … as a count of things.
inline CLI::Validator WholeNumber() {
  return CLI::Validator(
      [](std::string& text) {
        constexpr std::size_t kDigitsMax = 9;
        const bool whole = !text.empty() && text.size() <= kDigitsMax && text.find_first_not_of("0123456789") == std::string::npos;
        return whole ? std::string() : "`" + text + "` is no count; expected 0 or more";
      },
      "");
}

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

// arguments_scripts.cc
void AddCheck(CLI::App& app, Chosen& chosen);
void AddFormat(CLI::App& app, Chosen& chosen);
void AddTest(CLI::App& app, Chosen& chosen);
void AddGraph(CLI::App& app, Chosen& chosen);
void AddRun(CLI::App& app, Chosen& chosen);
void AddDeploy(CLI::App& app, Chosen& chosen);
void AddRevisions(CLI::App& app, Chosen& chosen);
// arguments_contacts.cc
void AddContacts(CLI::App& app, Chosen& chosen);
void AddCompanies(CLI::App& app, Chosen& chosen);
void AddDeals(CLI::App& app, Chosen& chosen);
void AddLists(CLI::App& app, Chosen& chosen);
void AddViews(CLI::App& app, Chosen& chosen);
// arguments_runs.cc
void AddExplain(CLI::App& app, Chosen& chosen);
void AddRuns(CLI::App& app, Chosen& chosen);
void AddRetry(CLI::App& app, Chosen& chosen);
void AddStartAndStop(CLI::App& app, Chosen& chosen);
void AddSwitches(CLI::App& app, Chosen& chosen);
void AddEvents(CLI::App& app, Chosen& chosen);
// arguments_server.cc
void AddServe(CLI::App& app, Chosen& chosen);
void AddPublish(CLI::App& app, Chosen& chosen);
void AddWatch(CLI::App& app, Chosen& chosen);
void AddNotifications(CLI::App& app, Chosen& chosen);
void AddDeliveries(CLI::App& app, Chosen& chosen);
void AddOperations(CLI::App& app, Chosen& chosen);
void AddStats(CLI::App& app, Chosen& chosen);
void AddMaintenance(CLI::App& app, Chosen& chosen);
void AddDoctor(CLI::App& app, Chosen& chosen);
void AddBackup(CLI::App& app, Chosen& chosen);
void AddRestore(CLI::App& app, Chosen& chosen);
void AddVerify(CLI::App& app, Chosen& chosen);
void AddCompact(CLI::App& app, Chosen& chosen);
// arguments_access.cc
void AddToken(CLI::App& app, Chosen& chosen);
void AddAudit(CLI::App& app, Chosen& chosen);
// arguments_people.cc
void AddTasks(CLI::App& app, Chosen& chosen);
void AddUsers(CLI::App& app, Chosen& chosen);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_ARGUMENTS_PARTS_H_
