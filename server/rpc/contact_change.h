// What UpdateContact changes: the given values seen through the field mask.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dsl/ir/program.h"
#include "google/protobuf/field_mask.pb.h"
#include "runtime/model/event.h"
#include "stagecraft/v1/contact_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Values as the engine takes them; views into `properties`. INVALID_ARGUMENT for more than limits::kPropertiesMax.
runtime::Result<std::vector<runtime::NamedInput>> ToInputs(const google::protobuf::RepeatedPtrField<v1::Field>& properties);

// The changes that an update asks for. With a mask: what is in it and not given is cleared; what is given and not in it is
// left out. A mask of all is one of all that `has` says the changed thing can have. The result views into `properties`, and into `names`
// for what is not named there.
runtime::Result<std::vector<runtime::NamedInput>> MaskedChanges(const ir::Program& program,
                                                                const google::protobuf::RepeatedPtrField<v1::Field>& properties,
                                                                const google::protobuf::FieldMask& mask,
                                                                const std::function<bool(std::uint32_t)>& has,
                                                                std::vector<std::string>& names);

// What a contact can have: all but what the engine keeps itself.
bool IsOfContact(const ir::Program& program, std::uint32_t slot);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_
