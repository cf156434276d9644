// Another machine: where it stands, how it writes numbers, what its clock says.
#ifndef STAGECRAFT_TESTS_HISTORIES_MACHINE_H_
#define STAGECRAFT_TESTS_HISTORIES_MACHINE_H_

#include <cstdint>
#include <locale>

namespace stagecraft::runtime {

// This process runs on it for as long as this lives.
class OtherMachine {
 public:
  // `clock_ahead`: seconds; under sanitizers, which have clocks of their own, it stays as it is.
  OtherMachine(const char* zone, std::int64_t clock_ahead);
  ~OtherMachine();
  OtherMachine(const OtherMachine&) = delete;
  OtherMachine& operator=(const OtherMachine&) = delete;

 private:
  std::locale before_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_HISTORIES_MACHINE_H_
