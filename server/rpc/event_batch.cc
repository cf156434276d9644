#include "server/rpc/event_batch.h"

#include <cmath>

#include "runtime/model/reasons.h"
#include "server/rpc/admission.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::EventState ToProto(runtime::EventState state) {
  switch (state) {
    case runtime::EventState::kApplied:
      return v1::EVENT_STATE_APPLIED;
    case runtime::EventState::kDuplicate:
      return v1::EVENT_STATE_DUPLICATE;
    case runtime::EventState::kRejected:
      return v1::EVENT_STATE_REJECTED;
    case runtime::EventState::kFailed:
      return v1::EVENT_STATE_FAILED;
  }
  return v1::EVENT_STATE_UNSPECIFIED;
}

runtime::EventResult Refused(runtime::Status status) {
  runtime::EventResult result;
  result.state = runtime::EventState::kRejected;
  result.status = std::move(status);
  return result;
}

}  // namespace

runtime::Result<runtime::InputValue> ToInput(const v1::Field& field, const char* path) {
  switch (field.value_case()) {
    case v1::Field::kText:
      if (runtime::Status status = CheckLength(path, field.name(), field.text(), limits::kTextBytesMax); !status.ok()) {
        return tl::unexpected(std::move(status));
      }
      return std::string_view(field.text());
    case v1::Field::kTruth:
      return field.truth();
    case v1::Field::kNumber:
      if (!std::isfinite(field.number())) {
        return tl::unexpected(InvalidField(path + field.name(), runtime::reasons::kInvalidValue,
                                           "`" + field.name() + "` is not a number; expected a finite one"));
      }
      return field.number();
    case v1::Field::kTime: {
      const std::optional<runtime::Micros> micros = ToMicros(field.time());
      if (!micros) {
        return tl::unexpected(InvalidField(path + field.name(), runtime::reasons::kInvalidValue,
                                           "`" + field.name() + "` is not a time; expected one in the years 1 to 9999"));
      }
      return runtime::InputValue(std::in_place_type<runtime::Micros>, *micros);
    }
    case v1::Field::VALUE_NOT_SET:
      break;
  }
  return std::monostate();
}

void EventBatch::Begin(std::size_t named_count, std::string_view trace) {
  trace_ = trace;
  inputs_.clear();
  named_.clear();
  named_.reserve(named_count);
  refused_.clear();
  made_ids_.clear();
}

bool EventBatch::AddNamed(const google::protobuf::RepeatedPtrField<v1::Field>& fields, const char* path, runtime::Status& error) {
  for (const v1::Field& field : fields) {
    auto value = ToInput(field, path);
    if (!value) {
      error = std::move(value.error());
      return false;
    }
    named_.push_back({field.name(), *value});
  }
  return true;
}

void EventBatch::Add(const v1::Event& event, std::uint32_t place, IdSource& ids, const Caller& caller) {
  runtime::Status error;
  runtime::EventInput input;
  if (event.has_occurred_at()) {
    const std::optional<runtime::Micros> micros = ToMicros(event.occurred_at());
    if (!micros) {
      refused_.emplace_back(place, Refused(InvalidField("occurred_at", runtime::reasons::kInvalidValue,
                                                        "`occurred_at` is not a time; expected one in the years 1 to 9999")));
      return;
    }
    input.occurred_at = *micros;
  }
  if (runtime::Status status = CheckLength("", "actor", event.actor(), limits::kActorBytesMax); !status.ok()) {
    refused_.emplace_back(place, Refused(std::move(status)));
    return;
  }
  std::string_view actor = event.actor();
  if (runtime::Status status = TakeActor(caller, actor); !status.ok()) {
    refused_.emplace_back(place, Refused(std::move(status)));
    return;
  }
  const std::size_t fields_begin = named_.size();
  if (!AddNamed(event.fields(), "fields.", error) || !AddNamed(event.properties(), "properties.", error)) {
    named_.resize(fields_begin);
    refused_.emplace_back(place, Refused(std::move(error)));
    return;
  }
  const std::span<const runtime::NamedInput> named(named_.data() + fields_begin, named_.size() - fields_begin);
  input.fields = named.first(static_cast<std::size_t>(event.fields_size()));
  input.properties = named.subspan(static_cast<std::size_t>(event.fields_size()));
  input.id = event.event_id().empty() ? std::string_view(made_ids_.emplace_back(ids.Next())) : std::string_view(event.event_id());
  input.contact = IdOf(kContacts, event.contact());
  input.type = event.type();
  input.actor = actor;
  input.actor_is_said = !event.actor().empty();
  input.trace = trace_;
  input.create = event.create_if_missing() ? runtime::CreateMode::kCreateIfMissing : runtime::CreateMode::kMustExist;
  inputs_.push_back(input);
}

runtime::Status EventBatch::KeepInScope(runtime::Engine& engine, const Caller& caller) {
  std::vector<runtime::EventInput> kept;
  std::vector<std::pair<std::uint32_t, runtime::EventResult>> refused;
  std::uint32_t place = 0;
  auto aside = refused_.begin();
  for (const runtime::EventInput& input : inputs_) {
    for (; aside != refused_.end() && aside->first == place; ++aside, ++place) refused.push_back(std::move(*aside));
    runtime::Status status = CheckInScope(engine, caller, input.contact);
    if (status.ok()) {
      kept.push_back(input);
    } else if (status.reason == runtime::reasons::kContactNotFound) {
      refused.emplace_back(place, Refused(std::move(status)));
    } else {
      return status;
    }
    ++place;
  }
  for (; aside != refused_.end(); ++aside) refused.push_back(std::move(*aside));
  inputs_ = std::move(kept);
  refused_ = std::move(refused);
  return {};
}

void FillEventResult(std::uint32_t place, const runtime::EventResult& result, v1::EventResult& out) {
  out.set_state(ToProto(result.state));
  out.set_sequence(result.sequence);
  out.set_changes(static_cast<int>(result.changes));
  out.set_rules_fired(static_cast<int>(result.rules_fired));
  out.set_index(static_cast<int>(place));
  if (!result.status.ok()) FillRpcStatus(result.status, *out.mutable_error());
}

}  // namespace stagecraft::server
