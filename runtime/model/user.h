// What is known of people beside the scripts: when they are away, and who is deactivated.
#ifndef STAGECRAFT_RUNTIME_MODEL_USER_H_
#define STAGECRAFT_RUNTIME_MODEL_USER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/model/effect.h"

namespace stagecraft::runtime {

// Of one user.
inline constexpr std::size_t kAbsencesMax = 100;

// From `from` on, until before `until`.
struct Absence {
  Micros from = 0;
  Micros until = 0;
  std::string note;

  friend bool operator==(const Absence&, const Absence&) = default;
};

struct User {
  std::string name;  // an e-mail address, as it was written first
  bool deactivated = false;
  std::vector<Absence> absences;  // ascending by their beginning

  // The absence that `at` is in; nullptr: none.
  const Absence* AwayAt(Micros at) const;

  friend bool operator==(const User&, const User&) = default;
};

void EncodeUser(const User& user, std::string& out);
// Nothing when the bytes are damaged.
std::optional<User> DecodeUser(std::string_view bytes);

// The users of whom something was said, numbered in the order of their first mention. Names go without regard to letter case.
class UserTable {
 public:
  bool empty() const { return users_.empty(); }
  std::size_t size() const { return users_.size(); }
  const User& operator[](std::size_t number) const { return users_[number]; }
  const std::vector<User>& all() const { return users_; }

  // nullptr: nothing was said of them.
  const User* Find(std::string_view name) const;
  // A user who is not in the table yet.
  void Add(User user);
  // The user, made if need be; goes into the next checkpoint.
  User& Change(std::string_view name);
  // The numbers of those changed since the last call, ascending, each once.
  std::vector<std::size_t> TakeChanged();

  friend bool operator==(const UserTable& a, const UserTable& b) { return a.users_ == b.users_; }

 private:
  std::vector<User> users_;
  std::unordered_map<std::string, std::size_t> numbers_;  // by folded name
  std::vector<std::size_t> changed_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_USER_H_
