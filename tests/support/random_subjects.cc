#include "tests/support/random_subjects.h"

#include <utility>

namespace stagecraft::runtime {
namespace {

constexpr Micros kHour = 3'600'000'000;

constexpr std::string_view kCompanies[] = {"acme", "bolt", ""};
constexpr std::string_view kTiers[] = {"Bronze", "Silver", "Gold", ""};
constexpr std::string_view kCompanyStages[] = {"Lead", "MQL", "SQL", "Customer", ""};

constexpr std::string_view kCompanyVocabulary = R"(
property company tier one of Bronze, Silver, Gold
list "Big" when company employees >= 100 and company tier is set
)";
constexpr std::string_view kCompanyTriggers[] = {"on change of company employees",
                                                 "on change of company name",
                                                 "on change of company tier",
                                                 "on change of company id",
                                                 "on company tier Gold",
                                                 "on company lifecycle SQL",
                                                 "when company employees >= 100",
                                                 "on joining \"Big\"",
                                                 "on leaving \"Big\"",
                                                 "after 3 hours in company tier Silver",
                                                 "on company tier Bronze -> Silver"};
constexpr std::string_view kCompanyGuards[] = {
    "", "", " when company tier is Gold", " when company id is set", " when lifecycle is MQL", " when company employees < 150"};
constexpr std::string_view kCompanyActions[] = {"set company employees 120",
                                                "add 30 to company employees",
                                                "clear company employees",
                                                "set company tier Gold",
                                                "set company tier Silver",
                                                "clear company tier",
                                                "set company lifecycle SQL",
                                                "set company lifecycle back to Lead",
                                                "set company id \"bolt\"",
                                                "clear company id",
                                                "set company name \"{company name}x\"",
                                                "set company name \"{company tier} {status}\"",
                                                "wait until company tier is Gold for at most 5 hours"};

constexpr std::string_view kDealVocabulary = R"(
pipeline Renewals Asked 50%, Promised 90%, Renewed 100%, Gone 0%
list "Selling" when open deals >= 1 and deal amount >= 50
)";
constexpr std::string_view kDealTriggers[] = {
    "on change of deal stage", "on change of deal amount", "on change of open deals", "when open deals >= 2", "when deal stage is \"Won\"",
    "on joining \"Selling\"",  "on leaving \"Selling\"",   "on status Open",          "on page viewed"};
constexpr std::string_view kDealGuards[] = {"", "", " when open deals < 3", " when deal stage is \"Asked\"", " when deal amount is set"};
constexpr std::string_view kDealActions[] = {"create deal \"{status}\" in pipeline Renewals",
                                             "create deal \"{name}\" in pipeline Renewals at Promised amount 80",
                                             "create deal \"{name}\" in pipeline Sales at Won",
                                             "create deal \"{name}\" in pipeline Sales at Qualified amount budget",
                                             "move deal in pipeline Renewals to Promised",
                                             "move deal in pipeline Renewals to Renewed",
                                             "move deal in pipeline Renewals to Gone",
                                             "move deal in pipeline Sales to Won",
                                             "set job title \"{deal stage} {open deals}\"",
                                             "wait until open deals >= 1 for at most 5 hours",
                                             "set budget deal amount + 5"};

constexpr RandomParts kParts[] = {{},
                                  {},
                                  {kCompanyVocabulary, kCompanyTriggers, kCompanyGuards, kCompanyActions},
                                  {kDealVocabulary, kDealTriggers, kDealGuards, kDealActions}};

}  // namespace

const RandomParts& PartsOf(Subject subject) { return kParts[static_cast<std::size_t>(subject)]; }

std::string DescribeStanding(const RandomStanding& standing) {
  using Kind = RandomStanding::Kind;
  switch (standing.kind) {
    case Kind::kDelete:
      return standing.contact + " is deleted";
    case Kind::kRestore:
      return standing.contact + " is restored";
    case Kind::kMerge:
      return standing.other + " is merged into " + standing.contact;
    case Kind::kErase:
      break;
  }
  return standing.contact + " is erased";
}

std::optional<RandomStep> RandomHistory::SubjectStep() {
  RandomStep step;
  const bool is_standing = subject_ == Subject::kStanding ? Below(6) == 0 : subject_ != Subject::kNone && Below(12) == 0;
  if (is_standing) {
    step.standing = Standing();
    return step;
  }
  if (subject_ == Subject::kCompanies && Below(10) == 0) {
    step.company = Company();
    return step;
  }
  return std::nullopt;
}

RandomCompany RandomHistory::Company() {
  RandomCompany company;
  company.change.contact = kCompanies[static_cast<std::size_t>(Below(2))];
  if (Below(6) == 0) {
    company.remove = true;
    return company;
  }
  AddOfCompany(company.change);
  if (Below(3) == 0) company.change.late = Below(40) * kHour;
  return company;
}

void RandomHistory::AddOfCompany(RandomEvent& event) {
  if (Below(3) == 0) event.properties.emplace_back("company tier", OneOf(kTiers));
  if (Below(5) == 0) event.properties.emplace_back("company lifecycle", OneOf(kCompanyStages));
  if (Below(5) == 0) event.properties.emplace_back("company name", std::string(Below(2) == 0 ? "Acme" : ""));
}

void RandomHistory::AddOfSubject(RandomEvent& event) {
  if (subject_ != Subject::kCompanies) return;
  AddOfCompany(event);
  if (Below(3) == 0) event.properties.emplace_back("company id", OneOf(kCompanies));
}

RandomStanding RandomHistory::Standing() {
  using Kind = RandomStanding::Kind;
  // A contact that is deleted or part of another one says little until it is back: most go on.
  constexpr Kind kKinds[] = {Kind::kDelete, Kind::kDelete, Kind::kRestore, Kind::kRestore, Kind::kRestore, Kind::kMerge, Kind::kErase};
  RandomStanding standing;
  standing.kind = kKinds[static_cast<std::size_t>(Below(static_cast<int>(std::size(kKinds))))];
  standing.contact = OneOf(kRandomContacts);
  standing.other = OneOf(kRandomContacts);
  return standing;
}

}  // namespace stagecraft::runtime
