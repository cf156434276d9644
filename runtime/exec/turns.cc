#include "dsl/support/text.h"
#include "runtime/exec/shared_state.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {

std::string TurnKey(std::string_view member, std::int64_t mention) {
  std::string key = FoldCase(member);
  // No e-mail address has a space in it.
  if (mention > 0) key += " " + std::to_string(mention);
  return key;
}

void SeedTurns(const ir::Team& team, std::int64_t next, TeamTurns& turns) {
  constexpr std::int64_t kFirst = kTurnLength / 2;
  turns.time = next > 0 ? kFirst : 0;
  turns.turns.clear();
  for (std::size_t i = 0; i < team.members.size(); ++i) {
    std::int64_t mention = 0;
    for (std::size_t j = 0; j < i; ++j) mention += SameName(team.members[j], team.members[i]) ? 1 : 0;
    const bool has_had_it = static_cast<std::int64_t>(i) < next;
    turns.turns.push_back({TurnKey(team.members[i], mention), kFirst + (has_had_it ? kTurnLength : 0)});
  }
}

}  // namespace stagecraft::runtime
