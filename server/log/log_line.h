// What goes into a line of the log beside its words: fields for programs that read it. No names, addresses or values of people.
#ifndef STAGECRAFT_SERVER_LOG_LOG_LINE_H_
#define STAGECRAFT_SERVER_LOG_LOG_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace stagecraft::server {

// Parts a line from its fields, and name from value; in no text that may be logged (OneLine).
inline constexpr char kFieldMark = '\x1F';
inline constexpr char kValueMark = '\x1E';
inline constexpr char kNumberMark = '\x1D';

// spdlog::error("{}", LogLine("threw").With("request", id).text());
class LogLine {
 public:
  explicit LogLine(std::string_view message) : text_(message) {}

  // `name`: in lower case, of letters and `_`. A value that is empty is left out.
  LogLine& With(std::string_view name, std::string_view value) {
    if (!value.empty()) Add(name, kValueMark, value);
    return *this;
  }
  LogLine& With(std::string_view name, std::int64_t number) {
    Add(name, kNumberMark, std::to_string(number));
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  void Add(std::string_view name, char mark, std::string_view value) {
    text_ += kFieldMark;
    text_ += name;
    text_ += mark;
    text_ += value;
  }

  std::string text_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_LOG_LOG_LINE_H_
