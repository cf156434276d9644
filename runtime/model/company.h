// Companies: what the contacts of one company share, and who belongs to which.
#ifndef STAGECRAFT_RUNTIME_MODEL_COMPANY_H_
#define STAGECRAFT_RUNTIME_MODEL_COMPANY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/model/effect.h"

namespace stagecraft::runtime {

class Contact;

struct CompanyValue {
  std::uint32_t slot = 0;
  Value value;
  Micros changed_at = 0;  // own time of the last word on it (E6)
};

struct Company {
  std::string id;
  std::uint32_t number = 0;  // dense: 0, 1, 2 …
  Micros created_at = 0;
  bool deleted = false;                // known to the past only, until somebody makes it again
  std::vector<CompanyValue> values;    // ascending by slot
  std::vector<std::uint32_t> members;  // contacts by number, ascending; worked out of them, never stored

  // nullptr: nobody ever said a word on it.
  const CompanyValue* Find(std::uint32_t slot) const;
};

class Companies {
 public:
  std::size_t size() const { return companies_.size(); }
  const Company& operator[](std::uint32_t number) const { return companies_[number]; }
  // nullptr: there is none, or it was deleted.
  const Company* Find(std::string_view id) const;
  // Deleted ones too.
  const Company* FindEver(std::string_view id) const;

  // Does what a kCompany… effect says; others change nothing.
  void Fold(const Effect& effect);
  // Takes in a row of the checkpoint. False when it is not the next one.
  bool Add(Company company);

  // The contact belongs to the company from now on, or no longer. Companies that were never made have no members.
  void Join(std::string_view id, std::uint32_t contact);
  void Leave(std::string_view id, std::uint32_t contact);
  void ForgetMembers();

  // The companies changed since the last call, ascending, each once.
  std::vector<std::uint32_t> TakeChanged();

 private:
  struct IdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
  };

  Company& Make(std::string_view id);

  std::deque<Company> companies_;  // by number
  std::unordered_map<std::string, std::uint32_t, IdHash, std::equal_to<>> numbers_;
  std::vector<std::uint32_t> changed_;
};

// Whether the contact, which names the company, lacks a value that the company has, or does not know yet that it was deleted.
bool IsBehind(const Contact& contact, const Company& company);

// The packed form, for the checkpoint; without the members.
std::string EncodeCompany(const Company& company);
// Nothing when the bytes are damaged.
std::optional<Company> DecodeCompany(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_COMPANY_H_
