#include "server/auth/permissions.h"

#include <algorithm>

namespace stagecraft::server {
namespace {

using enum CallKind;
using enum Reach;

constexpr Permission kPermissions[] = {
    {"EventService", "PublishEvent", Role::kService, kPublish, kContacts},
    {"EventService", "PublishEvents", Role::kService, kPublish, kContacts},
    {"EventService", "StreamEvents", Role::kService, kPublish},
    {"EventService", "GetEvent", Role::kViewer, kRead, kContacts},
    {"EventService", "ListEvents", Role::kViewer, kRead, kContacts},
    {"EventService", "WatchChanges", Role::kViewer, kRead, kContacts},
    {"EventService", "ListFailedEvents", Role::kViewer, kRead},
    {"EventService", "RetryFailedEvent", Role::kAuthor, kChange},
    {"ContactService", "CreateContact", Role::kService, kChange},
    {"ContactService", "GetContact", Role::kViewer, kRead, kContacts},
    {"ContactService", "BatchGetContacts", Role::kViewer, kRead, kContacts},
    {"ContactService", "ListContacts", Role::kViewer, kRead, kContacts},
    {"ContactService", "ExportContacts", Role::kViewer, kRead, kContacts},
    {"ContactService", "UpdateContact", Role::kService, kChange, kContacts},
    {"ContactService", "DeleteContact", Role::kService, kChange},
    {"ContactService", "UndeleteContact", Role::kService, kChange},
    {"ContactService", "MergeContacts", Role::kService, kChange},
    {"ContactService", "EraseContact", Role::kAdmin, kChange},
    {"ContactService", "ImportContacts", Role::kService, kChange},
    {"ContactService", "GetTimeline", Role::kViewer, kRead, kContacts},
    {"ContactService", "Explain", Role::kViewer, kRead, kContacts},
    {"ScriptService", "CheckScripts", Role::kViewer, kRead, kScripts},
    {"ScriptService", "TestScripts", Role::kViewer, kRead, kScripts},
    {"ScriptService", "FormatScript", Role::kViewer, kRead, kScripts},
    {"ScriptService", "GetRuleGraph", Role::kViewer, kRead, kScripts},
    {"ScriptService", "DeployScripts", Role::kAuthor, kChange},
    {"ScriptService", "GetDeployment", Role::kViewer, kRead, kScripts},
    {"ScriptService", "ListDeployments", Role::kViewer, kRead, kScripts},
    {"ScriptService", "DiffDeployments", Role::kViewer, kRead, kScripts},
    {"ScriptService", "RollbackDeployment", Role::kAuthor, kChange},
    {"ScriptService", "ListRuns", Role::kViewer, kRead},
    {"ScriptService", "ExplainRun", Role::kViewer, kRead},
    {"ScriptService", "RetryRun", Role::kAuthor, kChange},
    {"ScriptService", "RetryRuns", Role::kAuthor, kChange},
    {"ScriptService", "StartRule", Role::kService, kChange},
    {"ScriptService", "StopRuns", Role::kAuthor, kChange},
    {"ScriptService", "SetRuleEnabled", Role::kAuthor, kChange},
    {"CompanyService", "CreateCompany", Role::kService, kChange},
    {"CompanyService", "GetCompany", Role::kViewer, kRead},
    {"CompanyService", "ListCompanies", Role::kViewer, kRead},
    {"CompanyService", "UpdateCompany", Role::kService, kChange},
    {"CompanyService", "DeleteCompany", Role::kService, kChange},
    {"CompanyService", "ListMembers", Role::kViewer, kRead},
    {"CompanyService", "ImportCompanies", Role::kService, kChange},
    {"DealService", "CreateDeal", Role::kService, kChange, kContacts},
    {"DealService", "GetDeal", Role::kViewer, kRead, kContacts},
    {"DealService", "ListDeals", Role::kViewer, kRead, kContacts},
    {"DealService", "UpdateDeal", Role::kService, kChange, kContacts},
    {"DealService", "DeleteDeal", Role::kService, kChange, kContacts},
    {"TaskService", "ListTasks", Role::kViewer, kRead, kContacts},
    {"TaskService", "GetTask", Role::kViewer, kRead, kContacts},
    {"TaskService", "CreateTask", Role::kService, kChange, kContacts},
    {"TaskService", "UpdateTask", Role::kService, kChange, kContacts},
    {"TaskService", "CompleteTask", Role::kService, kChange, kContacts},
    {"TaskService", "ReopenTask", Role::kService, kChange, kContacts},
    {"UserService", "ListUsers", Role::kViewer, kRead},
    {"UserService", "GetUser", Role::kViewer, kRead},
    {"UserService", "UpdateUser", Role::kService, kChange},
    {"UserService", "ListAssignments", Role::kViewer, kRead},
    {"ListService", "ListLists", Role::kViewer, kRead},
    {"ListService", "GetList", Role::kViewer, kRead},
    {"ListService", "ListListMembers", Role::kViewer, kRead},
    {"ListService", "AddMembers", Role::kService, kChange},
    {"ListService", "RemoveMembers", Role::kService, kChange},
    {"ViewService", "ListViews", Role::kViewer, kRead, kScripts},
    {"ViewService", "GetView", Role::kViewer, kRead, kScripts},
    {"ViewService", "RunView", Role::kViewer, kRead},
    {"NotificationService", "ListNotifications", Role::kViewer, kRead, kContacts},
    {"NotificationService", "WatchNotifications", Role::kViewer, kRead, kContacts},
    {"NotificationService", "MarkRead", Role::kService, kChange},
    {"NotificationService", "ListDeliveries", Role::kViewer, kRead, kContacts},
    {"NotificationService", "RetryDelivery", Role::kAuthor, kChange},
    {"AdminService", "GetServerInfo", Role::kViewer, kRead},
    {"AdminService", "GetStats", Role::kViewer, kRead},
    {"AdminService", "SetMaintenance", Role::kAdmin, kGovern},
    {"AdminService", "Backup", Role::kAdmin, kCopy},
    {"google.longrunning.Operations", "ListOperations", Role::kViewer, kRead},
    {"google.longrunning.Operations", "GetOperation", Role::kViewer, kRead},
    {"google.longrunning.Operations", "DeleteOperation", Role::kViewer, kRead},
    // And whatever role the method wants that began it.
    {"google.longrunning.Operations", "CancelOperation", Role::kService, kGovern},
    {"google.longrunning.Operations", "WaitOperation", Role::kViewer, kRead},
};

}  // namespace

std::string Permission::path() const {
  const bool is_ours = service.find('.') == std::string_view::npos;
  return (is_ours ? "stagecraft.v1." : "") + std::string(service) + "/" + std::string(method);
}

std::span<const Permission> Permissions() { return kPermissions; }

const Permission* PermissionOf(std::string_view method) {
  const auto* found =
      std::find_if(std::begin(kPermissions), std::end(kPermissions), [&](const Permission& each) { return each.method == method; });
  return found == std::end(kPermissions) ? nullptr : found;
}

}  // namespace stagecraft::server
