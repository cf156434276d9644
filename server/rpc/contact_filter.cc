#include "server/rpc/contact_filter.h"

#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

bool ContactFilter::Prepare(const runtime::View& view) {
  if (text_.empty() || revision_ == view.revision()) return status_.ok();
  revision_ = view.revision();
  if (text_.size() > limits::kFilterBytesMax) {
    status_ = ToGrpcStatus(InvalidField(
        "filter", "INVALID_FILTER",
        "the filter has " + std::to_string(text_.size()) + " bytes; expected at most " + std::to_string(limits::kFilterBytesMax)));
    return false;
  }
  ConditionResult result = CompileCondition(text_, view.program());
  condition_ = std::move(result.condition);
  status_ = condition_ ? grpc::Status::OK : FilterError(result.diagnostics, result.sources);
  return status_.ok();
}

}  // namespace stagecraft::server
