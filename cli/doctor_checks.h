// What `stagecraft doctor` looks at. Nothing is changed.
#ifndef STAGECRAFT_CLI_DOCTOR_CHECKS_H_
#define STAGECRAFT_CLI_DOCTOR_CHECKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/remote.h"

namespace stagecraft::cli {

enum class Health : std::uint8_t { kGood, kAdvice, kWrong };

struct Finding {
  Health health = Health::kGood;
  std::string what;    // was looked at: `disk`
  std::string found;   // in a line
  std::string remedy;  // empty where all is well
};

// This machine: open files, Graphviz, clock.
void CheckMachine(std::vector<Finding>& findings);
// The data folder: whether there is one, who may read it, what disk it is on, how fast that is, how much room there is, tokens.
void CheckFolder(const std::string& folder, std::vector<Finding>& findings);
// The server: whether it answers, what failed, what waits.
void CheckServer(const Remote& remote, std::vector<Finding>& findings);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_DOCTOR_CHECKS_H_
