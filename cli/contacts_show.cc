#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/timeline_text.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

void PrintContact(const wire::Contact& contact, const TableStyle& style) {
  fmt::print("{}  created {}\n\n", Styled(OneLine(BareId(contact.name())), Style::kBold, style.colour), TimeText(contact.create_time()));
  Table properties({"property", "value", "since"});
  for (const auto& property : contact.properties()) properties.Add({property.name(), property.text(), TimeText(property.change_time())});
  for (const auto* numbers : {&contact.scores(), &contact.counters()}) {
    for (const auto& number : *numbers) properties.Add({number.name(), std::to_string(number.value()), ""});
  }
  if (contact.lists_size() > 0) properties.Add({"lists", fmt::format("{}", fmt::join(contact.lists(), ", ")), ""});
  fmt::print("{}", properties.Text(style));
}

void PrintTimeline(const wire::GetTimelineResponse& timeline, const TableStyle& style) {
  fmt::print("\n{}\n", Styled("timeline, newest first", Style::kGreen, style.colour));
  for (const auto& entry : timeline.entries()) fmt::print("{}", EntryText(entry, {}, style.colour));
}

}  // namespace

int ContactsShow(const ContactsShowOptions& options) {
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  wire::GetContactRequest request;
  request.set_name(options.contact);
  wire::GetContactResponse response;
  if (const auto status = stub->GetContact(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  wire::GetTimelineResponse timeline;
  if (options.timeline > 0) {
    wire::GetTimelineRequest entries;
    entries.set_name(options.contact);
    const auto status = ReadPages(*stub, &wire::ContactService::Stub::GetTimeline, entries, &wire::GetTimelineResponse::mutable_entries,
                                  options.timeline, timeline);
    if (!status.ok()) return ReportCall(status, options.remote);
  }
  if (options.json) {
    fmt::print("{{\"contact\": {}, \"timeline\": {}}}\n", ToJson(response.contact()), ToJson(timeline));
    return kDone;
  }
  const TableStyle style{TerminalWidth(), HasColour(stdout)};
  PrintContact(response.contact(), style);
  if (options.timeline > 0) PrintTimeline(timeline, style);
  return kDone;
}

}  // namespace stagecraft::cli
