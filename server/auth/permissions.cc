#include "server/auth/permissions.h"

#include <algorithm>

namespace stagecraft::server {
namespace {

constexpr bool kAudited = true;
constexpr bool kNotAudited = false;

constexpr Permission kPermissions[] = {
    {"EventService", "PublishEvent", Role::kService, kNotAudited},
    {"EventService", "PublishEvents", Role::kService, kNotAudited},
    {"EventService", "StreamEvents", Role::kService, kNotAudited},
    {"EventService", "GetEvent", Role::kViewer, kNotAudited},
    {"EventService", "ListEvents", Role::kViewer, kNotAudited},
    {"EventService", "WatchChanges", Role::kViewer, kNotAudited},
    {"EventService", "ListFailedEvents", Role::kViewer, kNotAudited},
    {"EventService", "RetryFailedEvent", Role::kAuthor, kAudited},
    {"ContactService", "CreateContact", Role::kService, kAudited},
    {"ContactService", "GetContact", Role::kViewer, kNotAudited},
    {"ContactService", "ListContacts", Role::kViewer, kNotAudited},
    {"ContactService", "UpdateContact", Role::kService, kAudited},
    {"ContactService", "DeleteContact", Role::kService, kAudited},
    {"ContactService", "UndeleteContact", Role::kService, kAudited},
    {"ContactService", "MergeContacts", Role::kService, kAudited},
    {"ContactService", "EraseContact", Role::kAdmin, kAudited},
    {"ContactService", "ImportContacts", Role::kService, kAudited},
    {"ContactService", "GetTimeline", Role::kViewer, kNotAudited},
    {"ContactService", "Explain", Role::kViewer, kNotAudited},
    {"ScriptService", "CheckScripts", Role::kViewer, kNotAudited},
    {"ScriptService", "TestScripts", Role::kViewer, kNotAudited},
    {"ScriptService", "FormatScript", Role::kViewer, kNotAudited},
    {"ScriptService", "GetRuleGraph", Role::kViewer, kNotAudited},
    {"ScriptService", "DeployScripts", Role::kAuthor, kAudited},
    {"ScriptService", "GetDeployment", Role::kViewer, kNotAudited},
    {"ScriptService", "ListDeployments", Role::kViewer, kNotAudited},
    {"ScriptService", "DiffDeployments", Role::kViewer, kNotAudited},
    {"ScriptService", "RollbackDeployment", Role::kAuthor, kAudited},
    {"ScriptService", "ListRuns", Role::kViewer, kNotAudited},
    {"ScriptService", "ExplainRun", Role::kViewer, kNotAudited},
    {"ScriptService", "RetryRun", Role::kAuthor, kAudited},
    {"ScriptService", "RetryRuns", Role::kAuthor, kAudited},
    {"ScriptService", "StartRule", Role::kService, kAudited},
    {"ScriptService", "StopRuns", Role::kAuthor, kAudited},
    {"ScriptService", "SetRuleEnabled", Role::kAuthor, kAudited},
    {"CompanyService", "CreateCompany", Role::kService, kAudited},
    {"CompanyService", "GetCompany", Role::kViewer, kNotAudited},
    {"CompanyService", "ListCompanies", Role::kViewer, kNotAudited},
    {"CompanyService", "UpdateCompany", Role::kService, kAudited},
    {"CompanyService", "DeleteCompany", Role::kService, kAudited},
    {"CompanyService", "ListMembers", Role::kViewer, kNotAudited},
    {"CompanyService", "ImportCompanies", Role::kService, kAudited},
    {"DealService", "CreateDeal", Role::kService, kAudited},
    {"DealService", "GetDeal", Role::kViewer, kNotAudited},
    {"DealService", "ListDeals", Role::kViewer, kNotAudited},
    {"DealService", "UpdateDeal", Role::kService, kAudited},
    {"DealService", "DeleteDeal", Role::kService, kAudited},
    {"TaskService", "ListTasks", Role::kViewer, kNotAudited},
    {"TaskService", "GetTask", Role::kViewer, kNotAudited},
    {"TaskService", "CreateTask", Role::kService, kAudited},
    {"TaskService", "UpdateTask", Role::kService, kAudited},
    {"TaskService", "CompleteTask", Role::kService, kAudited},
    {"TaskService", "ReopenTask", Role::kService, kAudited},
    {"UserService", "ListUsers", Role::kViewer, kNotAudited},
    {"UserService", "GetUser", Role::kViewer, kNotAudited},
    {"UserService", "UpdateUser", Role::kService, kAudited},
    {"UserService", "ListAssignments", Role::kViewer, kNotAudited},
    {"ListService", "ListLists", Role::kViewer, kNotAudited},
    {"ListService", "GetList", Role::kViewer, kNotAudited},
    {"ListService", "ListListMembers", Role::kViewer, kNotAudited},
    {"ListService", "AddMembers", Role::kService, kAudited},
    {"ListService", "RemoveMembers", Role::kService, kAudited},
    {"ViewService", "ListViews", Role::kViewer, kNotAudited},
    {"ViewService", "GetView", Role::kViewer, kNotAudited},
    {"ViewService", "RunView", Role::kViewer, kNotAudited},
    {"NotificationService", "ListNotifications", Role::kViewer, kNotAudited},
    {"NotificationService", "WatchNotifications", Role::kViewer, kNotAudited},
    {"NotificationService", "ListDeliveries", Role::kViewer, kNotAudited},
    {"NotificationService", "RetryDelivery", Role::kAuthor, kAudited},
    {"AdminService", "GetServerInfo", Role::kViewer, kNotAudited},
    {"AdminService", "Backup", Role::kAdmin, kAudited},
};

}  // namespace

std::span<const Permission> Permissions() { return kPermissions; }

const Permission* PermissionOf(std::string_view method) {
  const auto* found =
      std::find_if(std::begin(kPermissions), std::end(kPermissions), [&](const Permission& each) { return each.method == method; });
  return found == std::end(kPermissions) ? nullptr : found;
}

}  // namespace stagecraft::server
