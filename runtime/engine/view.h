// What reads see of the engine's state: contacts, what was made for them, and the running program, all of one moment.
#ifndef STAGECRAFT_RUNTIME_ENGINE_VIEW_H_
#define STAGECRAFT_RUNTIME_ENGINE_VIEW_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/compile.h"
#include "runtime/engine/rule_states.h"
#include "runtime/exec/machine.h"
#include "runtime/model/company.h"
#include "runtime/model/dispatch.h"
#include "runtime/model/effect.h"
#include "runtime/model/failure.h"
#include "runtime/model/user.h"

namespace stagecraft::runtime {

class Contact;  // runtime/model/contact.h

struct EngineStats {
  Sequence last_sequence = 0;
  std::uint64_t contacts = 0;
  std::uint64_t timers = 0;  // armed timers and runs that wait
  std::uint64_t tasks = 0;
  std::uint64_t notifications = 0;
  std::uint64_t deals = 0;
  std::uint64_t deliveries = 0;
  std::array<std::uint64_t, kDispatchStates> dispatches{};  // by DispatchState
};

// The item with this id; nullptr: there is none. `items` stand in the order of their ids.
template <typename Item>
const Item* FindById(const std::vector<Item>& items, std::int64_t id) {
  const auto found = std::lower_bound(items.begin(), items.end(), id, [](const Item& item, std::int64_t value) { return item.id < value; });
  return found == items.end() || found->id != id ? nullptr : &*found;
}

class View {
 public:
  virtual ~View() = default;

  virtual const ir::Program& program() const = 0;
  virtual std::uint32_t revision() const = 0;  // 0: nothing deployed yet (the standard vocabulary alone)
  virtual Micros now() const = 0;
  // The rules that have runs, ascending.
  virtual std::vector<std::uint32_t> RulesInProgress() const = 0;
  virtual EngineStats stats() const = 0;

  // nullptr when there is none. Pointers are good until the reader returns.
  virtual const Contact* FindContact(std::string_view id) const = 0;
  virtual const Contact* ContactAt(std::uint32_t number) const = 0;  // 0 … stats().contacts - 1
  // Whether there has been an event, or a change of a company, with this id: the same again is answered, not applied (E5).
  bool KnowsEvent(std::string_view id) const { return RecordOfEvent(id) != 0; }
  // The record of that event; 0: there is none.
  virtual Sequence RecordOfEvent(std::string_view id) const = 0;

  virtual std::optional<Value> PropertyOf(const Contact& contact, std::uint32_t slot) const = 0;
  // A score, counter or dynamic list: its present value.
  virtual std::int64_t NodeOf(const Contact& contact, std::uint32_t node) const = 0;
  // What the program's own conditions and operands are read from now (Meets, Read in exec/machine.h); good until the reader returns.
  // `viewer` as below.
  virtual Scene SceneOf(const Contact& contact, std::string_view viewer) const = 0;
  // Whether the contact meets a condition now. `viewer`: who asks (`owner is me`); empty: nobody.
  virtual bool Meets(const Contact& contact, const CompiledCondition& condition, std::string_view viewer) const = 0;
  bool Meets(const Contact& contact, const CompiledCondition& condition) const { return Meets(contact, condition, {}); }

  // Whom `manager of` that user means; empty: nobody.
  virtual std::string_view ManagerOf(std::string_view user) const = 0;

  // When the store was set up: tells this installation from others.
  virtual Micros founded_at() const = 0;
  // The users of whom something was said (UserChange), in the order of their first mention.
  virtual const std::vector<User>& users() const = 0;

  // Tasks, notifications, deals, what is to be sent and what came of that, in the order of their ids (that is, of their creation).
  virtual const std::vector<Task>& tasks() const = 0;
  virtual const std::vector<Notification>& notifications() const = 0;
  virtual const std::vector<Deal>& deals() const = 0;
  virtual const std::vector<Delivery>& deliveries() const = 0;
  virtual const std::vector<Dispatch>& dispatches() const = 0;
  // What failed, in the order in which it did; those that are closed stay among them.
  virtual const std::vector<Failure>& failures() const = 0;
  virtual const RuleStates& rule_states() const = 0;

  // Deleted ones too.
  virtual const Companies& companies() const = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_VIEW_H_
