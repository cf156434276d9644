// What people say of users while the engine runs.
#include <algorithm>
#include <utility>

#include "runtime/engine/core.h"
#include "runtime/exec/text_match.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::size_t kUserBytesMax = 254;  // of an e-mail address
constexpr std::size_t kNoteBytesMax = 1'024;

Status Refuse(Reason reason, std::string field, std::string message) {
  return {StatusCode::kInvalidArgument, reason, message, {{std::move(field), message}}};
}

Status CheckUser(const UserChange& change) {
  if (change.user.empty() || change.user.size() > kUserBytesMax || !IsUtf8(change.user)) {
    return Refuse(
        reasons::kInvalidUser, "user",
        "a user's name is 1 to 254 bytes of UTF-8, most often an e-mail address; found " + std::to_string(change.user.size()) + " bytes");
  }
  if (!change.absences) return {};
  if (change.absences->size() > kAbsencesMax) {
    return Refuse(reasons::kInvalidAbsence, "absences",
                  std::to_string(change.absences->size()) + " absences; expected at most " + std::to_string(kAbsencesMax));
  }
  for (const Absence& absence : *change.absences) {
    if (absence.until <= absence.from)
      return Refuse(reasons::kInvalidAbsence, "absences", "an absence ends after it has begun; this one ends before, or at once");
    if (absence.note.size() > kNoteBytesMax || !IsUtf8(absence.note))
      return Refuse(reasons::kInvalidAbsence, "absences", "the note of an absence has at most 1024 bytes of UTF-8");
  }
  return {};
}

Effect EffectOf(EffectKind kind, const std::string& user) {
  Effect effect;
  effect.kind = kind;
  effect.text = user;
  return effect;
}

}  // namespace

Status Core::ChangeUser(const UserChange& change) {
  if (Status status = CheckUser(change); !status.ok()) return status;
  MoveClock();
  const User* known = shared_.users.Find(change.user);
  User next = known == nullptr ? User{change.user, false, {}} : *known;
  if (change.deactivated) next.deactivated = *change.deactivated;
  if (change.absences) next.absences = *change.absences;
  std::stable_sort(next.absences.begin(), next.absences.end(), [](const Absence& a, const Absence& b) { return a.from < b.from; });
  if (next == (known == nullptr ? User{change.user, false, {}} : *known)) return {};

  BeginShared(RecordKind::kUser, revision_, change.actor);
  record_.effects.push_back(EffectOf(EffectKind::kUserChanged, next.name));
  record_.effects.back().detail = next.deactivated ? 1 : 0;
  for (const Absence& absence : next.absences) {
    Effect& effect = record_.effects.emplace_back(EffectOf(EffectKind::kUserAway, next.name));
    effect.number = absence.from;
    effect.number_before = absence.until;
    effect.after.text = absence.note;
  }
  for (const Effect& effect : record_.effects) FoldUser(effect, shared_.users);
  packer_.Add(record_);
  return {};
}

}  // namespace stagecraft::runtime
