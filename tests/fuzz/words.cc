#include "tests/fuzz/words.h"

#include <google/protobuf/descriptor.h>

#include <iterator>
#include <vector>

namespace stagecraft::tests {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kHeardMax = 64;
constexpr std::size_t kWordBytesMax = 400;

constexpr const char* kNames[] = {"contacts/ana",
                                  "contacts/ben",
                                  "contacts/cem",
                                  "ana",
                                  "ben",
                                  "ada@acme.example",
                                  "contacts/nobody",
                                  "contacts/",
                                  "companies/acme",
                                  "companies/hinode",
                                  "acme",
                                  "lists/Big",
                                  "lists/Going cold",
                                  "lists/MQL candidates",
                                  "views/Everybody",
                                  "views/Mine",
                                  "users/aya@brightwater.example",
                                  "aya@brightwater.example",
                                  "mika@brightwater.example",
                                  "deployments/1",
                                  "deployments/2",
                                  "deployments/running",
                                  "deployments/0",
                                  "deployments/-1",
                                  "deployments/99999999999999999999",
                                  "tasks/1",
                                  "deals/1",
                                  "notifications/1",
                                  "deliveries/1",
                                  "runs/1",
                                  "events/e1",
                                  "failedEvents/1",
                                  "Inside Sales",
                                  "Sales",
                                  "Hand-off",
                                  "Chase",
                                  "Again",
                                  "Four tries, then recycle",
                                  "Qualified",
                                  "Won",
                                  "fuzz",
                                  "crm"};
constexpr const char* kConditions[] = {"status is New",
                                       "score >= 35",
                                       "status is New and score >= 35 or not (lifecycle is SQL)",
                                       "lifecycle in (MQL, SQL)",
                                       "email contains \"@\"",
                                       "email ends with \".example\"",
                                       "page viewed within 30 days",
                                       "not in list \"Big\"",
                                       "in list \"Going cold\"",
                                       "owner is me",
                                       "target_account",
                                       "seats < 1e308",
                                       "renewal before today",
                                       "renewal within 30 days",
                                       "visits in 2..5",
                                       "first name matches \"a*b*c*\"",
                                       "company employees is not set",
                                       "status before Connected",
                                       "deal amount > 100",
                                       "priority is high",
                                       "overdue",
                                       "became SQL date is set",
                                       "((((",
                                       "\"",
                                       "#",
                                       "score"};
constexpr const char* kOrders[] = {"score",
                                   "score descending",
                                   "score descending, last name",
                                   "status, email, renewal descending",
                                   "name",
                                   "create time",
                                   "due time",
                                   "due",
                                   "priority",
                                   "last name,",
                                   ",",
                                   "score descending descending",
                                   "seats",
                                   "renewal",
                                   "lifecycle"};
constexpr const char* kProperties[] = {"status",
                                       "lifecycle",
                                       "email",
                                       "first name",
                                       "last name",
                                       "company employees",
                                       "company industry",
                                       "company id",
                                       "owner",
                                       "opted out",
                                       "seats",
                                       "renewal",
                                       "score",
                                       "job title",
                                       "*",
                                       "properties",
                                       "title",
                                       "stage",
                                       "amount",
                                       "close_date",
                                       "assignee",
                                       "due_time",
                                       "priority",
                                       "away",
                                       "contact",
                                       "page",
                                       "pipeline",
                                       "deal name",
                                       "properties.status",
                                       "hs_lead_status",
                                       "became SQL date",
                                       "note"};
constexpr const char* kValues[] = {"New",
                                   "SQL",
                                   "MQL",
                                   "Connected",
                                   "Recycle",
                                   "Bad Timing",
                                   "NEW",
                                   "Software",
                                   "12",
                                   "-0",
                                   "1e400",
                                   "nan",
                                   "0.1",
                                   "1,000",
                                   "2026-01-02",
                                   "0000-00-00",
                                   "9999-12-31",
                                   "2026-13-01",
                                   "2026-01-02T03:04:05Z",
                                   "yes",
                                   "no",
                                   "true",
                                   "ada@acme.example",
                                   "/pricing",
                                   "Ana"};
constexpr const char* kEvents[] = {
    "page viewed",    "contact created", "contact updated", "form submitted", "email sent",   "email replied", "call no answer",
    "meeting booked", "deal created",    "deal moved",      "deal updated",   "deal deleted", "task created",  "task completed",
    "task changed",   "task reopened",   "rule started",    "list joined",    "unsubscribed", "email bounced", "company updated"};
constexpr const char* kTexts[] = {"",
                                  " ",
                                  "/",
                                  "\n",
                                  "a/b",
                                  "\xe6\x96\xb0\xe8\xa6\x8f",
                                  "\xd7\xa1\xd7\x98",
                                  "\xff\xfe",
                                  "\xed\xa0\x80",
                                  "e\xcc\x81",
                                  "${x}",
                                  "{name}",
                                  "%s%n",
                                  "' OR 1=1 --",
                                  "ID,Email\n1,a@b.c\n",
                                  "Record ID,First Name,Email,Lead Status\n7,Ana,ana@acme.example,NEW\n8,\"x",
                                  "ymd",
                                  "dmy",
                                  "rule \"A\" on SQL set status New\n",
                                  "on SQL set status Nonsense\n",
                                  "test \"t\"\n  given a contact with email \"a@b.c\"\n  expect status is not set\n",
                                  "use hubspot\nlist \"L\" when score > 3\n",
                                  "import \"b.stage\"\n",
                                  "a.stage",
                                  "../a.stage"};

template <std::size_t kCount>
std::string OneOf(const char* const (&words)[kCount], Chance& chance) {
  return words[Below(chance, kCount)];
}

std::string AnyWord(Chance& chance) {
  switch (Below(chance, 8)) {
    case 0:
      return OneOf(kConditions, chance);
    case 1:
      return OneOf(kOrders, chance);
    case 2:
      return OneOf(kProperties, chance);
    case 3:
      return OneOf(kValues, chance);
    case 4:
      return OneOf(kEvents, chance);
    case 5:
      return OneOf(kTexts, chance);
    case 6:
      return std::string(OneIn(chance, 16) ? 70'000 : 1U << Below(chance, 11), "a\xc3("[Below(chance, 3)]);
    default:
      return OneOf(kNames, chance);
  }
}

std::string Fitting(const std::string& field, Chance& chance) {
  if (field == "filter") return OneOf(kConditions, chance);
  if (field == "order_by") return OneOf(kOrders, chance);
  if (field == "type") return OneOf(kEvents, chance);
  if (field == "paths" || field == "values" || field == "property" || field == "column") return OneOf(kProperties, chance);
  if (field == "text" || field == "chunk") return OneIn(chance, 2) ? OneOf(kValues, chance) : OneOf(kTexts, chance);
  return OneOf(kNames, chance);
}

// A word with a byte changed, cut short, or twice.
std::string Bent(std::string word, Chance& chance) {
  if (word.empty()) return word;
  const std::size_t at = Below(chance, word.size());
  switch (Below(chance, 3)) {
    case 0:
      word[at] = static_cast<char>(chance());
      return word;
    case 1:
      return word.substr(0, at);
    default:
      return word + word.substr(at);
  }
}

const std::string& Word(const std::deque<std::string>& words, Chance& chance) { return words[Below(chance, words.size())]; }

}  // namespace

void Words::Learn(const Message& answer) {
  std::vector<const FieldDescriptor*> fields;
  const Reflection& reflection = *answer.GetReflection();
  reflection.ListFields(answer, &fields);
  const auto keep = [&](const FieldDescriptor& field, const std::string& word) {
    if (word.empty() || word.size() > kWordBytesMax) return;
    auto& words = heard_[field.name() == "next_page_token" ? "page_token" : field.name()];
    words.push_back(word);
    if (words.size() > kHeardMax) words.pop_front();
  };
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? std::min(reflection.FieldSize(answer, field), 8) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Learn(field->is_repeated() ? reflection.GetRepeatedMessage(answer, field, i) : reflection.GetMessage(answer, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        keep(*field, field->is_repeated() ? reflection.GetRepeatedString(answer, field, i) : reflection.GetString(answer, field));
      }
    }
  }
}

std::string Words::For(const std::string& field, Chance& chance) const {
  const auto heard = heard_.find(field);
  std::string word;
  if (heard != heard_.end() && OneIn(chance, 2)) {
    word = Word(heard->second, chance);
  } else if (!heard_.empty() && OneIn(chance, 8)) {
    word = Word(std::next(heard_.begin(), Below(chance, heard_.size()))->second, chance);
  } else {
    word = OneIn(chance, 4) ? AnyWord(chance) : Fitting(field, chance);
  }
  return OneIn(chance, 8) ? Bent(std::move(word), chance) : word;
}

}  // namespace stagecraft::tests
