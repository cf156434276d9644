// A folder that goes when the test ends.
#ifndef STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_
#define STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace stagecraft::tests {

class TempFolder {
 public:
  TempFolder() : path_((std::filesystem::temp_directory_path() / "stagecraft-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
  }
  ~TempFolder() {
    std::error_code ignored;  // a folder that stays behind in the temporary files breaks nothing
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_
