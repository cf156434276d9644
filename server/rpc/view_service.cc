#include "server/rpc/view_service.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/exec/machine.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_pages.h"
#include "server/rpc/declared.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchView(const ir::Program& program, std::string_view name) {
  return NoSuch("view", runtime::reasons::kViewNotFound, program.views, name);
}

void FillView(const ir::Program& program, const ir::View& view, v1::View& out) {
  out.set_name(NameOf(kViews, view.name));
  out.set_text(view.text);
  out.set_needs_user(view.reads_viewer);
  for (const ir::View::Column& column : view.columns) {
    v1::ViewColumn& filled = *out.add_columns();
    filled.set_name(column.name);
    filled.set_type(CellTypeOf(program, column.operand));
  }
  FillPlace(program, view.place, out);
}

grpc::Status AllViews(runtime::Engine& engine, const v1::ListViewsRequest& request, v1::ListViewsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto first = ResumeNumber(*page, 0);
  if (!first) return ToGrpcStatus(first.error());
  return ToGrpcStatus(engine.Read([&](const runtime::View& view) {
    const std::vector<ir::View>& all = view.program().views;
    const std::size_t stop = StopOf(*page, static_cast<std::size_t>(*first), all.size(), *response.mutable_next_page_token());
    for (auto i = static_cast<std::size_t>(*first); i < stop; ++i) FillView(view.program(), all[i], *response.add_views());
  }));
}

grpc::Status OneView(runtime::Engine& engine, std::string_view name, v1::View& out) {
  runtime::Status failure;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    if (const ir::View* found = FindDeclared(view.program().views, name)) {
      FillView(view.program(), *found, out);
    } else {
      failure = NoSuchView(view.program(), name);
    }
  });
  return ToGrpcStatus(status.ok() ? failure : status);
}

class ViewedContacts final : public ContactSelection {
 public:
  explicit ViewedContacts(const v1::RunViewRequest& request) : name_(IdOf(kViews, request.name())), user_(request.user()) {}

  grpc::Status Prepare(const runtime::View& view) override {
    const ir::Program& program = view.program();
    view_ = FindDeclared(program.views, name_);
    if (view_ == nullptr) return ToGrpcStatus(NoSuchView(program, name_));
    if (view_->reads_viewer && user_.empty()) {
      return ToGrpcStatus(InvalidField("user", "USER_REQUIRED",
                                       "view `" + view_->name + "` asks for `me`, and nobody asks; give the e-mail address of who looks"));
    }
    tables_ = {program.tests, program.masks, program.texts, program.sinces};
    return grpc::Status::OK;
  }

  bool Has(const runtime::View& view, const runtime::Contact& contact) const override {
    return contact.is_active() && runtime::Meets(view.SceneOf(contact, user_), tables_, view_->condition);
  }

  const std::vector<ir::View::SortKey>& order() const override { return view_->sort; }

  void FillRow(const runtime::View& view, const runtime::Contact& contact, v1::ViewRow& out) const {
    FillContact(view, contact, *out.mutable_contact());
    const runtime::Scene scene = view.SceneOf(contact, user_);
    for (const ir::View::Column& column : view_->columns) {
      v1::Property& cell = *out.add_cells();
      FillCell(scene, column.operand, cell);
      cell.set_name(column.name);
    }
  }

 private:
  const std::string_view name_;
  const std::string_view user_;
  // Of the present read:
  const ir::View* view_ = nullptr;
  runtime::Tables tables_;
};

grpc::Status Look(const ServiceContext& context, const grpc::CallbackServerContext& call, const v1::RunViewRequest& request,
                  v1::RunViewResponse& response) {
  if (const runtime::Status status = CheckLength("", "user", request.user(), limits::kActorBytesMax); !status.ok())
    return ToGrpcStatus(status);
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  ViewedContacts contacts(request);
  return ReadContacts(
      context, call, *page, contacts,
      [&](const runtime::View& view, const runtime::Contact& contact) { contacts.FillRow(view, contact, *response.add_rows()); },
      *response.mutable_next_page_token());
}

}  // namespace

grpc::ServerUnaryReactor* ViewService::ListViews(grpc::CallbackServerContext* call, const v1::ListViewsRequest* request,
                                                 v1::ListViewsResponse* response) {
  return RunOnWorker(context_, call, "ListViews", [this, request, response] { return AllViews(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ViewService::GetView(grpc::CallbackServerContext* call, const v1::GetViewRequest* request,
                                               v1::GetViewResponse* response) {
  return RunOnWorker(context_, call, "GetView", [this, request, response] {
    return OneView(context_.engine, IdOf(kViews, request->name()), *response->mutable_view());
  });
}

grpc::ServerUnaryReactor* ViewService::RunView(grpc::CallbackServerContext* call, const v1::RunViewRequest* request,
                                               v1::RunViewResponse* response) {
  return RunOnWorker(context_, call, "RunView", [this, call, request, response] { return Look(context_, *call, *request, *response); });
}

}  // namespace stagecraft::server
