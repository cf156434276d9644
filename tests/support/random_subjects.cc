#include "tests/support/random_subjects.h"

#include <utility>

namespace stagecraft::runtime {

std::string DescribeStanding(const RandomStanding& standing) {
  using Kind = RandomStanding::Kind;
  switch (standing.kind) {
    case Kind::kDelete:
      return standing.contact + " is deleted";
    case Kind::kRestore:
      return standing.contact + " is restored";
    case Kind::kMerge:
      return standing.other + " is merged into " + standing.contact;
    case Kind::kErase:
      break;
  }
  return standing.contact + " is erased";
}

std::optional<RandomStep> RandomHistory::SubjectStep() {
  RandomStep step;
  if (subject_ == Subject::kStanding && Below(6) == 0) {
    step.standing = Standing();
    return step;
  }
  return std::nullopt;
}

RandomStanding RandomHistory::Standing() {
  using Kind = RandomStanding::Kind;
  // A contact that is deleted or part of another one says little until it is back: most go on.
  constexpr Kind kKinds[] = {Kind::kDelete, Kind::kDelete, Kind::kRestore, Kind::kRestore, Kind::kRestore, Kind::kMerge, Kind::kErase};
  RandomStanding standing;
  standing.kind = kKinds[static_cast<std::size_t>(Below(static_cast<int>(std::size(kKinds))))];
  standing.contact = OneOf(kRandomContacts);
  standing.other = OneOf(kRandomContacts);
  return standing;
}

}  // namespace stagecraft::runtime
