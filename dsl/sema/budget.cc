#include "dsl/sema/budget.h"

#include <string_view>
#include <utility>

#include "dsl/support/limits.h"

namespace stagecraft::sema {
namespace {

struct Share {
  std::size_t max;
  std::string_view what;
  std::string_view help;
};

constexpr std::array<Share, 3> kShares = {{
    {kEventsNamedMax, "events, each family as all of its events", "name the one event that is meant, or ask for the family in fewer rules"},
    {kFormsNamedMax, "forms, each level as all of its forms", "ask for the level in one rule, and let the others go by what that one sets"},
    {kOptionsNamedMax, "options, each with its sub-values", "ask for it in one definition, and let the rules go by that"},
}};

}  // namespace

Diagnostic& ReportTooLarge(Reporter& reporter, Span span, std::string message, std::string help) {
  Diagnostic& diagnostic = reporter.Report(Code::kTooLarge, span, std::move(message), "one too many");
  diagnostic.help.push_back(std::move(help));
  return diagnostic;
}

bool Budget::Take(Of what, std::size_t count, Span span) {
  const Share& share = kShares[static_cast<std::size_t>(what)];
  std::size_t& taken = taken_[static_cast<std::size_t>(what)];
  const bool was_over = taken > share.max;
  taken += count;
  if (taken <= share.max) return true;
  if (!was_over) {
    ReportTooLarge(reporter_, span, "with this the scripts name more than " + std::to_string(share.max) + " " + std::string(share.what),
                   std::string(share.help));
  }
  return false;
}

bool Budget::Add(const Taken& one, const Taken& other) {
  Taken sum = taken_;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += one[i] + other[i];
    if (sum[i] > kShares[i].max) return false;
  }
  taken_ = sum;
  return true;
}

}  // namespace stagecraft::sema
