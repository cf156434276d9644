// Plays a random history on an engine over a data folder, in one manner or another, and tells what is in the folder then.
#ifndef STAGECRAFT_TESTS_HISTORIES_FOLDER_PLAYER_H_
#define STAGECRAFT_TESTS_HISTORIES_FOLDER_PLAYER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "tests/reference/compare.h"

namespace stagecraft::runtime {

// Of the events between two other steps of a history, by their places among them: in which order they come in.
using Order = std::vector<std::size_t>;

// How a history is played; none of it may matter.
struct Manner {
  std::string name;
  std::size_t batch = 1;     // events of a submission
  std::size_t threads = 1;   // that send them, in turn; 0: one for each contact, all at the same time
  std::size_t restarts = 0;  // after so many steps; 0: never
  bool loses_checkpoints = false;
  bool compacts = false;  // at each restart; nothing is old enough to go
  EngineOptions options = {};
  // So much ahead is the engine's clock of the history's: everything is received, and the scripts are deployed, so much later.
  Micros hears_later = 0;
  // Empty: as they stand in the history.
  std::vector<Order> orders = {};
};

struct PlayedFolder {
  bool is_no_script = false;         // the scripts have errors: nothing was played
  std::vector<std::string> answers;  // to each step, to events in the order of the history
  // All rows of both databases, but for what says only how they came there: how the journal is cut into rows, which follows the commits;
  // and as of which record a contact's or the engine's row of the checkpoint was written.
  std::vector<std::string> rows;
  std::vector<Order> orders;  // in which events came in
};

PlayedFolder PlayInFolder(const reference::History& history, const Manner& manner);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_HISTORIES_FOLDER_PLAYER_H_
