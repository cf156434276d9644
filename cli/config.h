// stagecraft.toml: what a team has decided for the scripts in a folder.
#ifndef STAGECRAFT_CLI_CONFIG_H_
#define STAGECRAFT_CLI_CONFIG_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/severity.h"
#include "runtime/model/status.h"

namespace stagecraft::cli {

struct Config {
  std::string file;  // as it can be shown; empty: there is none
  SeverityRules severities;
  bool warnings_as_errors = false;
};

// Takes the text of a stagecraft.toml apart. INVALID_ARGUMENT with `name`, line and column for what is not TOML, for unknown keys, codes
// and severities, and for an error that is to be less than one.
runtime::Result<Config> ParseConfig(std::string_view name, std::string_view text);

// The stagecraft.toml of scripts that are given as files, folders or `-`: the first in their folder or above it (of `-`: the current
// folder). INVALID_ARGUMENT also when the paths have different ones.
runtime::Result<Config> ReadConfig(const std::vector<std::string>& paths);

// The files in which ReadConfig looks for it, whether they are there or not.
std::vector<std::string> ConfigPlaces(const std::vector<std::string>& paths);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_CONFIG_H_
