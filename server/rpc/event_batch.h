// Events of the wire as the engine takes them. Nothing is copied: the inputs view into the messages.
#ifndef STAGECRAFT_SERVER_RPC_EVENT_BATCH_H_
#define STAGECRAFT_SERVER_RPC_EVENT_BATCH_H_

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/model/event.h"
#include "server/auth/gate.h"
#include "server/rpc/id_source.h"
#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Reused from batch to batch to spare allocations. Not thread-safe.
class EventBatch {
 public:
  // Takes in `events`, which must stay as they are until the answer was read. Events that are no events even before the
  // engine has looked at them (a timestamp out of range, a number that is none), or that `caller` may not send, are put aside with their
  // error. An event without an actor is the caller's. `trace`: EventInput::trace of all of them.
  template <typename Events>
  void Load(const Events& events, IdSource& ids, const Caller& caller, std::string_view trace) {
    std::size_t named = 0;
    for (const v1::Event& event : events) named += static_cast<std::size_t>(event.fields_size() + event.properties_size());
    Begin(named, trace);
    std::uint32_t place = 0;
    for (const v1::Event& event : events) Add(event, place++, ids, caller);
  }
  // For a message that holds one event.
  void LoadOne(const v1::Event& event, IdSource& ids, const Caller& caller, std::string_view trace) {
    Load(std::span(&event, 1), ids, caller, trace);
  }

  // Puts aside the events of contacts that the caller's scope does not have: CONTACT_NOT_FOUND, also of those that the event would make.
  // What it returns is of them all. Waits for the engine.
  runtime::Status KeepInScope(runtime::Engine& engine, const Caller& caller);

  std::span<const runtime::EventInput> inputs() const { return inputs_; }

  // Calls visit(place in the batch, result) for each event in its order; `results` answers inputs().
  template <typename Visit>
  void ForEachResult(std::span<const runtime::EventResult> results, const Visit& visit) const {
    std::uint32_t place = 0;
    auto aside = refused_.begin();
    for (const runtime::EventResult& result : results) {
      for (; aside != refused_.end() && aside->first == place; ++aside) visit(place++, aside->second);
      visit(place++, result);
    }
    for (; aside != refused_.end(); ++aside) visit(place++, aside->second);
  }

 private:
  void Begin(std::size_t named_count, std::string_view trace);
  void Add(const v1::Event& event, std::uint32_t place, IdSource& ids, const Caller& caller);
  // False, with `error`, when a value is none.
  bool AddNamed(const google::protobuf::RepeatedPtrField<v1::Field>& fields, const char* path, runtime::Status& error);

  std::string_view trace_;
  std::vector<runtime::EventInput> inputs_;
  std::vector<runtime::NamedInput> named_;  // of all events; reserved beforehand, since inputs_ has spans of it
  std::vector<std::pair<std::uint32_t, runtime::EventResult>> refused_;  // by place, ascending
  std::deque<std::string> made_ids_;
};

// The value of a field of the wire; no value: monostate. INVALID_ARGUMENT for a time that is none and for a number that is not finite.
runtime::Result<runtime::InputValue> ToInput(const v1::Field& field, const char* path);

// `out` is expected to be empty.
void FillEventResult(std::uint32_t place, const runtime::EventResult& result, v1::EventResult& out);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_EVENT_BATCH_H_
