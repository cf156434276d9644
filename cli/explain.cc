#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// One line for a cause, and below it, as a tree, what led to it. `stem`: what stands left of the lines below.
void PrintCause(const wire::Cause& cause, const std::string& branch, const std::string& stem, bool colour) {
  std::string aside;
  if (!cause.file().empty()) aside += fmt::format("  {}:{}, revision {}", cause.file(), cause.line(), cause.revision());
  if (const auto when = TimeText(cause.event_time()); !when.empty()) aside += "  " + when;
  if (!cause.event_id().empty()) aside += "  event " + cause.event_id();
  fmt::print("{}{}{}\n", branch, OneLine(cause.text()), Styled(OneLine(aside), Style::kDim, colour));
  for (int i = 0; i < cause.causes_size(); ++i) {
    const bool last = i + 1 == cause.causes_size();
    PrintCause(cause.causes(i), stem + (last ? "└─ " : "├─ "), stem + (last ? "   " : "│  "), colour);
  }
}

}  // namespace

int Explain(const ExplainOptions& options) {
  if (!options.why_not.empty()) return WhyNot(options);
  wire::ExplainRequest request;
  request.set_name(options.contact);
  request.set_property(options.property.empty() ? "status" : options.property);
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  wire::ExplainResponse response;
  if (const auto status = stub->Explain(CallContext().get(), request, &response); !status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  const bool colour = HasColour(stdout);
  const auto value = response.value().empty() ? "(not set)" : response.value();
  fmt::print("{} is {}\n", OneLine(fmt::format("{} of {}", response.property(), options.contact)),
             Styled(OneLine(value), Style::kBold, colour));
  PrintCause(response.cause(), "└─ ", "   ", colour);
  return kDone;
}

}  // namespace stagecraft::cli
