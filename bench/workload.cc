#include "bench/workload.h"

#include <fmt/format.h>

#include <algorithm>

namespace stagecraft::bench {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kStatus = {"New"sv,       "Attempted to Contact"sv, "Connected"sv,  "In Progress"sv, "Open"sv,
                                "Open Deal"sv, "Bad Timing"sv,           "Unqualified"sv};
constexpr std::array kLifecycle = {"Subscriber"sv, "Lead"sv, "MQL"sv, "SQL"sv, "Opportunity"sv, "Customer"sv};
constexpr std::array kCountry = {"US"sv, "GB"sv, "DE"sv, "FR"sv, "ES"sv, "IT"sv, "NL"sv, "SE"sv,
                                 "PL"sv, "CA"sv, "AU"sv, "IN"sv, "JP"sv, "BR"sv, "MX"sv, "ZA"sv};
constexpr std::array kSector = {"software"sv, "finance"sv, "health"sv, "retail"sv, "education"sv, "energy"sv, "media"sv, "logistics"sv};
constexpr std::array kEmployees = {1, 5, 12, 30, 75, 180, 450, 1200, 5000, 20000};
constexpr std::array kPages = {"/pricing"sv,      "/"sv,
                               "/features"sv,     "/demo"sv,
                               "/docs"sv,         "/blog"sv,
                               "/about"sv,        "/customers"sv,
                               "/integrations"sv, "/security"sv,
                               "/blog/post-1"sv,  "/blog/post-2"sv,
                               "/blog/post-3"sv,  "/blog/post-4"sv,
                               "/blog/post-5"sv,  "/blog/post-6"sv,
                               "/blog/post-7"sv,  "/blog/post-8"sv};
constexpr std::array kTemplates = {"intro"sv,     "follow-up-1"sv, "follow-up-2"sv, "breakup"sv, "nurture-1"sv,
                                   "nurture-2"sv, "invite"sv,      "renewal"sv,     "upsell"sv,  "survey"sv};
constexpr std::array kForms = {"Whitepaper"sv,    "Contact us"sv, "Demo request"sv, "Newsletter"sv, "Webinar"sv,
                               "Pricing quote"sv, "Trial"sv,      "Ebook"sv,        "Survey"sv,     "Partner"sv};
// Out of 88, as the peers' workload without its property changes.
constexpr std::array kTypeWeight = {45U, 25U, 7U, 5U, 3U, 3U};

template <typename Array>
auto Pick(Rng& rng, const Array& values) {
  return values[rng.Below(static_cast<std::uint32_t>(values.size()))];
}

EventType PickType(Rng& rng) {
  std::uint32_t draw = rng.Below(88);
  for (std::size_t i = 0; i < kTypeWeight.size(); ++i) {
    if (draw < kTypeWeight[i]) return static_cast<EventType>(i);
    draw -= kTypeWeight[i];
  }
  return EventType::kPageViewed;
}

std::string_view PickAttribute(Rng& rng, EventType type) {
  switch (type) {
    case EventType::kPageViewed:
      return Pick(rng, kPages);
    case EventType::kEmailSent:
      return Pick(rng, kTemplates);
    case EventType::kFormSubmitted:
      return Pick(rng, kForms);
    default:
      return {};
  }
}

std::string OneOf(std::string_view name, const auto& options) {
  std::string line = fmt::format("property {} one of ", name);
  for (std::size_t i = 0; i < options.size(); ++i) line += fmt::format("{}{}", i == 0 ? "" : ", ", options[i]);
  return line + "\n";
}

std::string RuleText(Rng& rng, std::uint32_t number) {
  const EventType type = PickType(rng);
  const std::string_view attribute = PickAttribute(rng, type);
  std::string text = fmt::format("rule \"r{}\"\n  on {}", number, TypeName(type));
  if (type == EventType::kPageViewed) text = fmt::format("rule \"r{}\"\n  on page viewed \"{}\"", number, attribute);
  if (type == EventType::kFormSubmitted) text = fmt::format("rule \"r{}\"\n  on form \"{}\" submitted", number, attribute);
  text += fmt::format("\n  when country is {} and sector is {}", Pick(rng, kCountry), Pick(rng, kSector));
  if (rng.Below(2) == 0) text += fmt::format(" and company employees >= {}", Pick(rng, kEmployees));
  switch (rng.Below(3)) {
    case 0:
      return text + fmt::format("\n  set status \"{}\"\n", Pick(rng, kStatus));
    case 1:
      return text + fmt::format("\n  notify owner \"{} looked at rule {}\"\n", "{name}", number);
    default:
      return text + fmt::format("\n  create task \"Call {}\" for owner due in {} days\n", "{name}", 1 + rng.Below(14));
  }
}

}  // namespace

std::uint64_t Rng::Next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

std::uint32_t Rng::Below(std::uint32_t n) { return static_cast<std::uint32_t>((Next() >> 32) * n >> 32); }

std::string_view TypeName(EventType type) {
  constexpr std::array kNames = {"page viewed"sv,    "email sent"sv,     "form submitted"sv,
                                 "call no answer"sv, "meeting booked"sv, "meeting ended"sv};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view AttributeField(EventType type) {
  switch (type) {
    case EventType::kPageViewed:
      return "page";
    case EventType::kEmailSent:
      return "subject";
    case EventType::kFormSubmitted:
      return "form";
    default:
      return {};
  }
}

GeneratedEvent NextEvent(Rng& rng, std::uint32_t contacts) {
  const std::uint32_t lowest = std::min({rng.Below(contacts), rng.Below(contacts), rng.Below(contacts), rng.Below(contacts)});
  GeneratedEvent event;
  // 7919 is prime: scatters the hot contacts over the numbers.
  event.contact = static_cast<std::uint32_t>((std::uint64_t{lowest} * 7919 + 13) % contacts);
  event.type = PickType(rng);
  event.attribute = PickAttribute(rng, event.type);
  return event;
}

std::string ContactId(std::uint32_t contact) { return fmt::format("c{:011}", contact); }

GeneratedContact MakeContact(std::uint32_t contact) {
  Rng rng(contact + 1);
  GeneratedContact made;
  made.status = Pick(rng, kStatus);
  made.lifecycle = Pick(rng, kLifecycle);
  made.country = Pick(rng, kCountry);
  made.sector = Pick(rng, kSector);
  made.employees = Pick(rng, kEmployees);
  made.owner = fmt::format("owner-{}@acme.example", rng.Below(16));
  return made;
}

std::string MakeScript(std::uint32_t rules) {
  Rng rng(rules * 1000 + 3);
  std::string script = OneOf("country", kCountry) + OneOf("sector", kSector);
  for (std::uint32_t i = 0; i < rules; ++i) script += "\n" + RuleText(rng, i);
  return script;
}

}  // namespace stagecraft::bench
