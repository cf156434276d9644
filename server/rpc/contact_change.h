// What UpdateContact changes: the given values seen through the field mask.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_

#include <string>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/event.h"
#include "stagecraft/v1/contact_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Values as the engine takes them; views into `properties`. INVALID_ARGUMENT for more than limits::kPropertiesMax.
runtime::Result<std::vector<runtime::NamedInput>> ToInputs(const google::protobuf::RepeatedPtrField<v1::Field>& properties);

// The changes that `request` asks for. With a mask: what is in it and not given is cleared; what is given and not in it is
// left out. The result views into `request`, and into `names` for what is not named there.
runtime::Result<std::vector<runtime::NamedInput>> MaskedChanges(const ir::Program& program, const v1::UpdateContactRequest& request,
                                                                std::vector<std::string>& names);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_CHANGE_H_
