// What rules share between contacts. Changed only through effects, so that the journal rebuilds it; what is owned by whom is counted anew.
#ifndef STAGECRAFT_RUNTIME_EXEC_SHARED_STATE_H_
#define STAGECRAFT_RUNTIME_EXEC_SHARED_STATE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/holdings.h"
#include "runtime/model/company.h"
#include "runtime/model/user.h"

namespace stagecraft::runtime {

// From one turn of a member of weight 1 to the next, on the clock of their team. A member of weight 2 comes twice in it. It can be
// divided without rest by each number up to 20 and by each multiple of five up to 100.
inline constexpr std::int64_t kTurnLength = 1'163'962'800;

struct Turn {
  std::string member;   // TurnKey
  std::int64_t at = 0;  // when it is the member's turn

  friend bool operator==(const Turn&, const Turn&) = default;
};

// Whose turn it is in a team: the one whose turn comes first, and of several the first in the order of the team. Members are known by
// name: a team that changes goes on where it was. The first turn of a member who has none here is half a turn from the beginning. One whose
// turn is past, since the member was not in the team, comes in half a turn from now.
struct TeamTurns {
  std::int64_t time = 0;  // of the last turn that was taken
  std::vector<Turn> turns;

  friend bool operator==(const TeamTurns&, const TeamTurns&) = default;
};

// The deals that were made for contacts before the record that is being decided.
class DealSource {
 public:
  virtual ~DealSource() = default;
  // Appends copies of the contact's deals, but for deleted ones, in the order of their ids.
  virtual void DealsOf(std::uint32_t contact, std::vector<Deal>& out) const = 0;
};

struct SharedState {
  std::vector<TeamTurns> teams;  // by team
  UserTable users;
  Holdings holdings;
  // The caller's, who outlives every use; null: there are none.
  Companies* companies = nullptr;
  const DealSource* deals = nullptr;
};

// How a member is called in TeamTurns; `mention`: the how many-th mention of the same member in the team, from 0 on.
std::string TurnKey(std::string_view member, std::int64_t mention);

// Sets the turns of a team whose rotation was kept as the place of the next member (older data folders).
void SeedTurns(const ir::Team& team, std::int64_t next, TeamTurns& turns);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_SHARED_STATE_H_
