// A folder that is there as a whole, or not at all: its files are written beside it, and it gets its name when they are safe on the disk.
#ifndef STAGECRAFT_CLI_NEW_FOLDER_H_
#define STAGECRAFT_CLI_NEW_FOLDER_H_

#include <memory>
#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::cli {

class NewFolder {
 public:
  // FAILED_PRECONDITION when there is something at `path` that is no empty folder, or nothing can be written there.
  static runtime::Result<std::unique_ptr<NewFolder>> Begin(const std::string& path);
  // What was written is gone unless it was finished.
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  // Where the files are until then.
  const std::string& working_path() const { return working_path_; }
  // Appends to a file of the folder.
  runtime::Status Append(const std::string& file, std::string_view bytes);
  // Brings all files onto the disk, and gives the folder its name.
  runtime::Status Finish();

 private:
  NewFolder(std::string path, std::string working_path) : path_(std::move(path)), working_path_(std::move(working_path)) {}

  const std::string path_;
  const std::string working_path_;
  bool is_finished_ = false;
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_NEW_FOLDER_H_
