#include "server/rpc/script_files.h"

#include <string_view>
#include <unordered_set>

#include "dsl/support/text.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

runtime::Status CheckFileName(const std::string& name, const std::string& field, const std::string& which) {
  if (!name.empty() && name.size() <= limits::kScriptNameBytesMax && !InvalidUtf8(name)) return {};
  return InvalidField(
      field, "INVALID_FILE_NAME",
      which + " has no name, or none of at most " + std::to_string(limits::kScriptNameBytesMax) + " bytes; give each file its own");
}

runtime::Status CheckFiles(const Files& files) {
  if (files.empty()) return InvalidField("files", "NO_FILES", "there is no file; expected at least one");
  if (files.size() > limits::kScriptFilesMax) {
    return InvalidField("files", "TOO_MANY_FILES",
                        std::to_string(files.size()) + " files; expected at most " + std::to_string(limits::kScriptFilesMax));
  }
  std::unordered_set<std::string_view> names;
  for (int i = 0; i < files.size(); ++i) {
    const std::string& name = files[i].name();
    const std::string path = "files[" + std::to_string(i) + "].name";
    if (runtime::Status status = CheckFileName(name, path, "file " + std::to_string(i + 1)); !status.ok()) return status;
    if (!names.insert(name).second) {
      return InvalidField(path, "DUPLICATE_FILE_NAME", "two files are called `" + name + "`; give each file its own name");
    }
  }
  return {};
}

}  // namespace stagecraft::server
