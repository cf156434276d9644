// The command line as a Command. CLI11 is seen by arguments….cc only: it is slow to compile.
#ifndef STAGECRAFT_CLI_ARGUMENTS_H_
#define STAGECRAFT_CLI_ARGUMENTS_H_

#include <variant>

#include "cli/options.h"

namespace stagecraft::cli {

// The command, or the exit code when there is nothing left to do: help was printed (0), or what is wrong with the arguments (2).
std::variant<Command, int> ParseArguments(int argc, char** argv);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_ARGUMENTS_H_
