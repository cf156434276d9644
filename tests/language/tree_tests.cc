#include <array>

#include "tests/language/tree_show.h"

namespace stagecraft::tests {

using namespace syntax;  // NOLINT: this file speaks of nothing else

namespace {

using tests::Show;

std::string Show(const Fact& fact) { return (fact.in_list ? "in " : "") + Show(fact.phrase); }

std::string Facts(std::string_view prefix, const std::vector<Fact>& facts) {
  std::string text;
  for (const Fact& fact : facts) text += (text.empty() ? std::string(prefix) : ", ") + Show(fact);
  return text;
}

std::string Show(const GivenStep& given) {
  return "given " + std::visit(Overloaded{
                                   [](const GivenStep::ContactFacts& contact) { return "a contact" + Facts(" with ", contact.facts); },
                                   [](const GivenStep::Clock& clock) { return Show(clock.date) + Optional(" ", clock.time); },
                                   [](const GivenStep::Happened& happened) {
                                     return Show(happened.event) + Facts(" with ", happened.fields) + Optional(", times ", happened.times) +
                                            Optional(", ago ", happened.ago);
                                   },
                               },
                               given.node);
}

std::string Show(const WhenStep& when) {
  constexpr std::array<std::string_view, 4> kKinds = {"", " becomes ", " is cleared", " is started"};
  return "when " + Show(when.phrase) + std::string(kKinds.at(static_cast<std::size_t>(when.kind))) +
         (when.kind == WhenStep::Kind::kBecomes ? Show(when.value) : "") + Facts(" with ", when.fields) + Optional(", times ", when.times) +
         Optional(", apart ", when.apart);
}

std::string Show(const TestWaitStep& wait) {
  return "wait" + Optional(" ", wait.duration) + Optional(" until ", wait.date) + Optional(" until ", wait.days) +
         Optional(" at ", wait.at);
}

std::string Show(const Expectation& expected) {
  constexpr std::array<std::string_view, 10> kKinds = {"",     "task",     "notification", "email", "webhook",
                                                       "deal", "sequence", "rule",         "SLA",   "broken promise"};
  return (expected.negated ? "no " : "") + std::string(kKinds.at(static_cast<std::size_t>(expected.kind))) +
         Optional("", expected.condition) + Optional(" because ", expected.because) + Optional(" ", expected.text) +
         Optional(" for ", expected.recipient) + Optional(" due in ", expected.due_in) + Optional(" at ", expected.stage) +
         Optional(" ", expected.state) + Optional(" times ", expected.times);
}

std::string Show(const ExpectStep& expect) {
  std::string text;
  for (const Expectation& expectation : expect.expectations) text += (text.empty() ? "expect " : "; ") + Show(expectation);
  return text;
}

}  // namespace

std::string Lines(const TestDecl& test) {
  std::string text = "test " + Show(test.name) + "\n";
  if (test.table) {
    text += "  for each row of " + Joined(test.table->columns, ", ") + "\n";
    for (const TestTable::Row& row : test.table->rows) text += "    row " + Joined(row.cells, ", ") + "\n";
  }
  for (const TestStep& step : test.steps) text += "  " + std::visit([](const auto& node) { return Show(node); }, step.node) + "\n";
  return text;
}

}  // namespace stagecraft::tests
