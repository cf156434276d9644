// What the files that say the arguments of verbs share. Included by arguments….cc only.
#ifndef STAGECRAFT_CLI_ARGUMENTS_PARTS_H_
#define STAGECRAFT_CLI_ARGUMENTS_PARTS_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

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

inline void AddRemote(CLI::App* verb, Remote& remote) {
  verb->add_option("--server", remote.server, "The server: HOST:PORT")->envname("STAGECRAFT_SERVER")->capture_default_str();
}

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

// arguments_people.cc
void AddTasks(CLI::App& app, Chosen& chosen);
void AddUsers(CLI::App& app, Chosen& chosen);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_ARGUMENTS_PARTS_H_
