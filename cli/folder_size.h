// How large a data folder is.
#ifndef STAGECRAFT_CLI_FOLDER_SIZE_H_
#define STAGECRAFT_CLI_FOLDER_SIZE_H_

#include <cstdint>
#include <filesystem>
#include <string>

namespace stagecraft::cli {

// The bytes of all files that stand in the folder.
inline std::uintmax_t BytesIn(const std::string& path) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) bytes += entry.file_size();
  return bytes;
}

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_FOLDER_SIZE_H_
