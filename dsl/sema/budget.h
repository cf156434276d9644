// How much the short words of all scripts together may stand for: `on call` is every event of the family, in each rule anew.
#ifndef STAGECRAFT_DSL_SEMA_BUDGET_H_
#define STAGECRAFT_DSL_SEMA_BUDGET_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dsl/sema/reporter.h"

namespace stagecraft::sema {

class Budget {
 public:
  enum class Of : std::uint8_t { kEvents, kForms, kOptions };
  using Taken = std::array<std::size_t, 3>;  // by Of

  explicit Budget(Reporter& reporter) : reporter_(reporter) {}

  // The words at `span` stand for `count` more of them. False when that is too many; it is reported once.
  bool Take(Of what, std::size_t count, Span span);

  // What was taken from two other budgets, too. False, and nothing is taken, when that is too many.
  bool Add(const Taken& one, const Taken& other);
  const Taken& taken() const { return taken_; }

 private:
  Reporter& reporter_;
  Taken taken_ = {};
};

// "there are 50 001 rules, and scripts may have 50 000 at most": reports it.
Diagnostic& ReportTooLarge(Reporter& reporter, Span span, std::string message, std::string help);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_BUDGET_H_
