// Contacts, tasks and notifications to their messages.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_CONVERT_H_

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "runtime/engine/engine.h"
#include "runtime/engine/view.h"
#include "runtime/model/contact.h"
#include "runtime/model/status.h"
#include "stagecraft/v1/contact_service.pb.h"
#include "stagecraft/v1/notification_service.pb.h"
#include "stagecraft/v1/task_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// To be called within Engine::Read, with a contact of `view`. `out` is expected to be empty, here and below.
void FillContact(const runtime::View& view, const runtime::Contact& contact, v1::Contact& out);
// The properties that the contact has, hidden ones left out.
void FillProperties(const ir::Program& program, const runtime::Contact& contact, google::protobuf::RepeatedPtrField<v1::Property>& out);
// What the operand reads of the scene's contact, and the type of it; without a value `out` gets its type only, and never a name.
void FillCell(const runtime::Scene& scene, const ir::Operand& operand, v1::Property& out);
v1::PropertyType CellTypeOf(const ir::Program& program, const ir::Operand& operand);
void FillTask(const runtime::Task& task, const runtime::Contact& contact, v1::Task& out);
void FillNotification(const runtime::Notification& notification, const runtime::Contact& contact, v1::Notification& out);

// Fills the contact of that id as it is now; NOT_FOUND when there is none.
grpc::Status ReadContact(runtime::Engine& engine, std::string_view id, v1::Contact& out);

// A contact's etag: the place in the journal of the last thing that happened to it.
std::string EtagOf(const runtime::Contact& contact);
// INVALID_ARGUMENT when `etag` cannot be one.
runtime::Result<runtime::Sequence> SequenceOfEtag(const std::string& etag);

runtime::Status NoSuchContact(std::string_view id);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_CONVERT_H_
