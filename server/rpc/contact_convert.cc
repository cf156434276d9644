#include "server/rpc/contact_convert.h"

#include "runtime/exec/format.h"
#include "runtime/exec/resolve.h"
#include "runtime/model/reasons.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::PropertyType ToProto(ir::Type type) {
  switch (type) {
    case ir::Type::kOption:
      return v1::PROPERTY_TYPE_OPTION;
    case ir::Type::kTruth:
      return v1::PROPERTY_TYPE_TRUTH;
    case ir::Type::kNumber:
      return v1::PROPERTY_TYPE_NUMBER;
    case ir::Type::kMoney:
      return v1::PROPERTY_TYPE_MONEY;
    case ir::Type::kText:
      return v1::PROPERTY_TYPE_TEXT;
    case ir::Type::kUser:
      return v1::PROPERTY_TYPE_USER;
    case ir::Type::kDate:
      return v1::PROPERTY_TYPE_DATE;
    case ir::Type::kTime:
      return v1::PROPERTY_TYPE_TIME;
  }
  return v1::PROPERTY_TYPE_UNSPECIFIED;
}

v1::Priority ToProto(ir::Priority priority) {
  switch (priority) {
    case ir::Priority::kLow:
      return v1::PRIORITY_LOW;
    case ir::Priority::kNormal:
      return v1::PRIORITY_NORMAL;
    case ir::Priority::kHigh:
      return v1::PRIORITY_HIGH;
  }
  return v1::PRIORITY_UNSPECIFIED;
}

// `reading`: as a property of the type stores it; of texts only `text`. `out` has its text already.
void FillValue(ir::Type type, const std::vector<ir::Option>* options, const runtime::Reading& reading, v1::Property& out) {
  switch (type) {
    case ir::Type::kOption: {
      const auto number = static_cast<std::size_t>(reading.number);
      if (options != nullptr && number < options->size()) out.set_option((*options)[number].internal_name);
      break;
    }
    case ir::Type::kTruth:
      out.set_truth(reading.number != 0);
      break;
    case ir::Type::kNumber:
    case ir::Type::kMoney:
      out.set_number(static_cast<double>(reading.number) / static_cast<double>(ir::kNumberScale));
      break;
    case ir::Type::kTime:
      FillTimestamp(reading.number, *out.mutable_time());
      break;
    case ir::Type::kText:
    case ir::Type::kUser:
      out.set_string_value(std::string(reading.text));
      break;
    case ir::Type::kDate:
      out.set_string_value(out.text());
      break;
  }
}

void FillProperty(const ir::Program& program, const runtime::Contact& contact, std::uint32_t slot, v1::Property& out) {
  const ir::Property& property = program.properties[slot];
  const runtime::Value value = contact.Get(slot);
  out.set_name(property.name);
  out.set_internal_name(property.internal_name);
  out.set_type(ToProto(property.type));
  out.set_text(runtime::FormatValue(program, property.type, slot, value));
  FillValue(property.type, &property.options, {value.set, value.number, value.text}, out);
  FillTimestamp(contact.ChangedAt(slot), *out.mutable_change_time());
}

ir::Type TypeOfCell(const ir::Program& program, const ir::Operand& operand) {
  const bool is_truth = operand.space == ir::Space::kNode && runtime::IsTruth(program.nodes[operand.index].kind);
  return is_truth ? ir::Type::kTruth : operand.type;
}

void FillNodes(const runtime::View& view, const runtime::Contact& contact, v1::Contact& out) {
  const std::vector<ir::Node>& nodes = view.program().nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const ir::Node& node = nodes[i];
    v1::NamedNumber* number = nullptr;
    switch (node.kind) {
      case ir::NodeKind::kScore:
        number = out.add_scores();
        break;
      case ir::NodeKind::kCounter:
        number = node.name.empty() ? nullptr : out.add_counters();
        break;
      case ir::NodeKind::kList:
        if (view.NodeOf(contact, i) != 0) out.add_lists(node.name);
        break;
      case ir::NodeKind::kCriterion:
      case ir::NodeKind::kWatch:
        break;
    }
    if (number != nullptr) {
      number->set_name(node.name);
      number->set_value(view.NodeOf(contact, i));
    }
  }
}

}  // namespace

v1::PropertyType CellTypeOf(const ir::Program& program, const ir::Operand& operand) { return ToProto(TypeOfCell(program, operand)); }

void FillCell(const runtime::Scene& scene, const ir::Operand& operand, v1::Property& out) {
  const ir::Type type = TypeOfCell(*scene.program, operand);
  out.set_type(ToProto(type));
  const bool is_property = operand.space == ir::Space::kProperty;
  if (is_property) out.set_internal_name(scene.program->properties[operand.index].internal_name);
  runtime::Reading reading = runtime::Read(scene, operand);
  if (!reading.set) return;
  runtime::AppendReading(scene, operand, reading, *out.mutable_text());
  if (operand.space == ir::Space::kNode && type == ir::Type::kNumber) reading.number *= ir::kNumberScale;
  FillValue(type, runtime::OptionsOf(scene, operand), reading, out);
  if (is_property) FillTimestamp(scene.contact->ChangedAt(operand.index), *out.mutable_change_time());
}

void FillProperties(const ir::Program& program, const runtime::Contact& contact, google::protobuf::RepeatedPtrField<v1::Property>& out) {
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const ir::Property& property = program.properties[slot];
    if (property.declared && !property.hidden && contact.IsSet(slot)) FillProperty(program, contact, slot, *out.Add());
  }
}

void FillContact(const runtime::View& view, const runtime::Contact& contact, v1::Contact& out) {
  const ir::Program& program = view.program();
  out.set_name(NameOf(kContacts, contact.id()));
  FillNodes(view, contact, out);
  FillProperties(program, contact, *out.mutable_properties());
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    const ir::Property& property = program.properties[slot];
    if (!property.declared || !property.hidden || !contact.IsSet(slot)) continue;
    if (property.name.starts_with(ir::kListPrefix)) out.add_lists(property.name.substr(ir::kListPrefix.size()));
  }
  FillTimestamp(contact.created_at(), *out.mutable_create_time());
  FillTimestamp(contact.now(), *out.mutable_update_time());
  out.set_etag(EtagOf(contact));
  if (!contact.is_active()) FillTimestamp(contact.departure().at, *out.mutable_delete_time());
}

grpc::Status ReadContact(runtime::Engine& engine, std::string_view id, v1::Contact& out) {
  bool found = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    if (const runtime::Contact* contact = view.FindContact(id)) {
      FillContact(view, *contact, out);
      found = true;
    }
  });
  if (!status.ok()) return ToGrpcStatus(status);
  return found ? grpc::Status::OK : ToGrpcStatus(NoSuchContact(id));
}

void FillTask(const runtime::Task& task, const runtime::Contact& contact, v1::Task& out) {
  out.set_name(NameOf(kTasks, std::to_string(task.id)));
  out.set_contact(NameOf(kContacts, contact.id()));
  out.set_title(task.title);
  out.set_assignee(task.assignee);
  FillTimestamp(task.created_at, *out.mutable_create_time());
  if (task.due_at) FillTimestamp(*task.due_at, *out.mutable_due_time());
  out.set_priority(ToProto(static_cast<ir::Priority>(task.priority)));
  out.set_completed(task.completed);
  out.set_cause_sequence(task.cause);
  if (task.completed) FillTimestamp(task.state_at, *out.mutable_complete_time());
  if (task.remind_at) FillTimestamp(*task.remind_at, *out.mutable_remind_time());
}

void FillNotification(const runtime::Notification& notification, const runtime::Contact& contact, v1::Notification& out) {
  out.set_name(NameOf(kNotifications, std::to_string(notification.id)));
  out.set_contact(NameOf(kContacts, contact.id()));
  out.set_recipient(notification.recipient);
  out.set_text(notification.text);
  FillTimestamp(notification.created_at, *out.mutable_create_time());
  out.set_cause_sequence(notification.cause);
  if (notification.read_at != 0) FillTimestamp(notification.read_at, *out.mutable_read_time());
}

std::string EtagOf(const runtime::Contact& contact) { return "s" + std::to_string(contact.last_sequence()); }

runtime::Result<runtime::Sequence> SequenceOfEtag(const std::string& etag) {
  const auto sequence = etag.starts_with('s') ? NumberIn<runtime::Sequence>(std::string_view(etag).substr(1)) : std::nullopt;
  if (sequence && *sequence > 0) return *sequence;
  return tl::unexpected(InvalidField("etag", "INVALID_ETAG", "`etag` is not one of a contact; expected the `etag` of an answer"));
}

runtime::Status NoSuchContact(std::string_view id) {
  return runtime::Status{
      runtime::StatusCode::kNotFound, runtime::reasons::kContactNotFound, "there is no contact `" + std::string(id) + "`", {}};
}

}  // namespace stagecraft::server
