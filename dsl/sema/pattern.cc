#include "dsl/sema/pattern.h"

#include <re2/re2.h>

namespace stagecraft::sema {

std::string PatternFault(std::string_view pattern) {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  const RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), options);
  return compiled.ok() ? std::string() : compiled.error();
}

}  // namespace stagecraft::sema
