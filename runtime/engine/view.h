// What reads see of the engine's state: contacts, tasks, notifications and the running program, all of one moment.
#ifndef STAGECRAFT_RUNTIME_ENGINE_VIEW_H_
#define STAGECRAFT_RUNTIME_ENGINE_VIEW_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/compile.h"
#include "runtime/model/effect.h"

namespace stagecraft::runtime {

class Contact;  // runtime/model/contact.h

struct EngineStats {
  Sequence last_sequence = 0;
  std::uint64_t contacts = 0;
  std::uint64_t timers = 0;
  std::uint64_t tasks = 0;
  std::uint64_t notifications = 0;
};

class View {
 public:
  virtual ~View() = default;

  virtual const ir::Program& program() const = 0;
  virtual std::uint32_t revision() const = 0;  // 0: nothing deployed yet (the standard vocabulary alone)
  virtual Micros now() const = 0;
  virtual EngineStats stats() const = 0;

  // nullptr when there is none. Pointers are good until the reader returns.
  virtual const Contact* FindContact(std::string_view id) const = 0;
  virtual const Contact* ContactAt(std::uint32_t number) const = 0;  // 0 … stats().contacts - 1

  virtual std::optional<Value> PropertyOf(const Contact& contact, std::uint32_t slot) const = 0;
  // A score, counter or dynamic list: its present value.
  virtual std::int64_t NodeOf(const Contact& contact, std::uint32_t node) const = 0;
  // Whether the contact meets a condition now.
  virtual bool Meets(const Contact& contact, const CompiledCondition& condition) const = 0;

  // Tasks and notifications, in the order of their ids (that is, of their creation).
  virtual const std::vector<Task>& tasks() const = 0;
  virtual const std::vector<Notification>& notifications() const = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_VIEW_H_
