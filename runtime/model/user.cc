// The packed form of a user, in codec.h's primitives: name, flags (1 deactivated), count of absences, each: from, until relative to it,
// note.
#include "runtime/model/user.h"

#include <algorithm>
#include <utility>

#include "dsl/support/text.h"
#include "runtime/model/codec.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint8_t kUserDeactivated = 1;

}  // namespace

const Absence* User::AwayAt(Micros at) const {
  const auto found =
      std::find_if(absences.begin(), absences.end(), [at](const Absence& each) { return each.from <= at && at < each.until; });
  return found == absences.end() ? nullptr : &*found;
}

void EncodeUser(const User& user, std::string& out) {
  Writer writer(out);
  writer.Text(user.name);
  writer.Byte(user.deactivated ? kUserDeactivated : std::uint8_t{0});
  writer.Unsigned(user.absences.size());
  for (const Absence& absence : user.absences) {
    writer.Signed(absence.from);
    writer.Relative(absence.until, absence.from);
    writer.Text(absence.note);
  }
}

std::optional<User> DecodeUser(std::string_view bytes) {
  Reader reader(bytes);
  User user;
  user.name = reader.Text();
  user.deactivated = (reader.Byte() & kUserDeactivated) != 0;
  for (std::size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    Absence& absence = user.absences.emplace_back();
    absence.from = reader.Signed();
    absence.until = reader.Relative(absence.from);
    absence.note = reader.Text();
  }
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return user;
}

const User* UserTable::Find(std::string_view name) const {
  if (users_.empty()) return nullptr;
  const auto found = numbers_.find(FoldCase(name));
  return found == numbers_.end() ? nullptr : &users_[found->second];
}

void UserTable::Add(User user) {
  numbers_.emplace(FoldCase(user.name), users_.size());
  users_.push_back(std::move(user));
}

User& UserTable::Change(std::string_view name) {
  const auto [place, is_new] = numbers_.emplace(FoldCase(name), users_.size());
  if (is_new) users_.emplace_back().name = name;
  changed_.push_back(place->second);
  return users_[place->second];
}

std::vector<std::size_t> UserTable::TakeChanged() {
  std::vector<std::size_t> changed = std::exchange(changed_, {});
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return changed;
}

}  // namespace stagecraft::runtime
