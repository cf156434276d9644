// How many contacts each user owns, for programs that assign by it. Kept while values change, counted anew when a program begins.
#ifndef STAGECRAFT_RUNTIME_EXEC_HOLDINGS_H_
#define STAGECRAFT_RUNTIME_EXEC_HOLDINGS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/model/contact.h"

namespace stagecraft::runtime {

// What is to be counted of a property of users.
struct HeldSlot {
  std::uint32_t slot = 0;
  bool by_account = false;  // for each company, too
};

// What a program wants counted.
struct HoldingsPlan {
  std::vector<HeldSlot> slots;
  std::optional<std::uint32_t> account;  // the slot by which companies are told apart (`company domain`)
  std::vector<bool> reads;               // by slot: the count depends on it; empty: nothing is counted

  bool Reads(std::uint32_t slot) const { return slot < reads.size() && reads[slot]; }
  // Where the slot stands in `slots`; nothing when it is not counted.
  std::optional<std::size_t> PlaceOf(std::uint32_t slot) const;
};

class Holdings {
 public:
  // Owners, case-folded, and how many contacts of the company each has.
  using Account = std::vector<std::pair<std::string, std::int64_t>>;

  // Forgets everything; counts what `plan` says from now on.
  void Begin(const HoldingsPlan& plan);
  // Counts the contact as it is (`by` 1), or takes it out again (-1).
  void Count(const HoldingsPlan& plan, const Contact& contact, std::int64_t by);
  bool empty() const { return slots_.empty(); }

  // `place`: of HoldingsPlan::slots; `user` case-folded.
  std::int64_t Of(std::size_t place, const std::string& user) const;
  // nullptr: no contact with this domain (case-folded) has an owner.
  const Account* AccountOf(std::size_t place, const std::string& domain) const;

 private:
  struct Slot {
    std::unordered_map<std::string, std::int64_t> owned;  // by user
    std::unordered_map<std::string, Account> accounts;    // by domain
  };
  std::vector<Slot> slots_;  // as HoldingsPlan::slots
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_HOLDINGS_H_
