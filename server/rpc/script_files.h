// The files of scripts that requests carry.
#ifndef STAGECRAFT_SERVER_RPC_SCRIPT_FILES_H_
#define STAGECRAFT_SERVER_RPC_SCRIPT_FILES_H_

#include <string>

#include "runtime/model/status.h"
#include "stagecraft/v1/script_service.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

using Files = google::protobuf::RepeatedPtrField<v1::ScriptFile>;

// INVALID_ARGUMENT (INVALID_FILE_NAME). `field`: its path; `which`: what messages call the file.
runtime::Status CheckFileName(const std::string& name, const std::string& field, const std::string& which);

// INVALID_ARGUMENT unless there are 1 to limits::kScriptFilesMax files, each with a name of its own.
runtime::Status CheckFiles(const Files& files);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_SCRIPT_FILES_H_
