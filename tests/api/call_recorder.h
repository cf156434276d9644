// What each test saw of the API: which methods answered it, were sent the same again, or were refused, and which reasons it looked at.
// scripts/api_methods.py makes tests/api/methods.md of it.
#ifndef STAGECRAFT_TESTS_API_CALL_RECORDER_H_
#define STAGECRAFT_TESTS_API_CALL_RECORDER_H_

#include <string>

namespace stagecraft::tests {

// The environment variable with the folder to write to, a file for each test. Without it nothing is recorded.
inline constexpr const char* kRecordsFolder = "STAGECRAFT_API_RECORDS";

// The running test compares this reason, of an error with this message: what it has looked at it shows.
void NoteReasonRead(const std::string& reason, const std::string& message);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_API_CALL_RECORDER_H_
