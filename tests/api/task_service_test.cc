// TaskService and UserService over a real socket.
#include <catch2/catch.hpp>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kTeamScript = R"(property calls number
team "Sales" "aya@acme.example", "ben@acme.example" at most 30, manager "mika@acme.example"
on SQL assign owner from "Sales" by rotation create task "Call {first name}" for owner due in 1 day remind 1 hour before
on task completed add 1 to calls
)";

class Office : public ApiFixture {
 public:
  Office() { Deploy(kTeamScript); }

  void Qualify(const std::string& contact) {
    v1::Event event = MakeEvent("", contact, "contact updated");
    AddText(*event.mutable_properties(), "lifecycle", "SQL");
    AddText(*event.mutable_properties(), "first name", contact);
    REQUIRE(Publish(event).ok());
  }
  std::vector<std::string> Titles(const v1::ListTasksRequest& request) {
    v1::ListTasksResponse response;
    REQUIRE(tasks->ListTasks(Call(), request, &response).ok());
    std::vector<std::string> titles;
    for (const v1::Task& task : response.tasks()) titles.push_back(task.title());
    next = response.next_page_token();
    return titles;
  }
  v1::Task Create(const std::string& contact, const std::string& title, std::int64_t due = 0) {
    v1::CreateTaskRequest request;
    request.mutable_task()->set_contact("contacts/" + contact);
    request.mutable_task()->set_title(title);
    if (due != 0) request.mutable_task()->mutable_due_time()->set_seconds(due);
    v1::CreateTaskResponse response;
    REQUIRE(tasks->CreateTask(Call(), request, &response).ok());
    return response.task();
  }
  grpc::Status UpdateUser(const v1::User& user, const std::string& path, v1::UpdateUserResponse& response) {
    v1::UpdateUserRequest request;
    *request.mutable_user() = user;
    if (!path.empty()) request.mutable_update_mask()->add_paths(path);
    return users->UpdateUser(Call(), request, &response);
  }

  std::string next;
};

TEST_CASE_METHOD(Office, "a task is created, changed, completed, and reopened") {
  Qualify("ana");
  const v1::Task made = Create("ana", "Send the contract");
  CHECK(made.contact() == "contacts/ana");
  CHECK_FALSE(made.completed());

  v1::UpdateTaskRequest update;
  update.mutable_task()->set_name(made.name());
  update.mutable_task()->set_assignee("ben@acme.example");
  update.mutable_task()->set_priority(v1::PRIORITY_HIGH);
  v1::UpdateTaskResponse updated;
  REQUIRE(tasks->UpdateTask(Call(), update, &updated).ok());
  CHECK(updated.task().assignee() == "ben@acme.example");
  CHECK(updated.task().priority() == v1::PRIORITY_HIGH);
  CHECK(updated.task().title() == "Send the contract");

  v1::CompleteTaskRequest complete;
  complete.set_name(made.name());
  complete.set_actor("ben@acme.example");
  v1::CompleteTaskResponse completed;
  REQUIRE(tasks->CompleteTask(Call(), complete, &completed).ok());
  CHECK(completed.task().completed());
  CHECK(completed.task().has_complete_time());
  CHECK(TextOf(Get("ana"), "calls") == "1");
  REQUIRE(tasks->CompleteTask(Call(), complete, &completed).ok());
  CHECK(TextOf(Get("ana"), "calls") == "1");

  v1::ReopenTaskRequest reopen;
  reopen.set_name(made.name());
  v1::ReopenTaskResponse reopened;
  REQUIRE(tasks->ReopenTask(Call(), reopen, &reopened).ok());
  CHECK_FALSE(reopened.task().completed());

  v1::GetTaskRequest get;
  get.set_name(made.name());
  v1::GetTaskResponse got;
  REQUIRE(tasks->GetTask(Call(), get, &got).ok());
  CHECK(got.task().SerializeAsString() == reopened.task().SerializeAsString());
}

TEST_CASE_METHOD(Office, "the same request_id creates one task") {
  Qualify("ana");
  v1::CreateTaskRequest request;
  request.set_request_id("once");
  request.mutable_task()->set_contact("ana");
  request.mutable_task()->set_title("Write");
  v1::CreateTaskResponse first, second;
  REQUIRE(tasks->CreateTask(Call(), request, &first).ok());
  REQUIRE(tasks->CreateTask(Call(), request, &second).ok());
  CHECK(first.task().name() == second.task().name());
  CHECK(Titles({}).size() == 2);
}

TEST_CASE_METHOD(Office, "what is wrong with a task is said, with the field") {
  Qualify("ana");
  v1::CreateTaskRequest create;
  v1::CreateTaskResponse created;
  create.mutable_task()->set_contact("ana");
  CHECK(FieldsOf(DetailsOf(tasks->CreateTask(Call(), create, &created))) == std::vector<std::string>{"task.title"});
  create.mutable_task()->set_title("x");
  create.mutable_task()->set_contact("nobody");
  CHECK(ReasonOf(tasks->CreateTask(Call(), create, &created)) == "CONTACT_NOT_FOUND");
  v1::CompleteTaskRequest complete;
  v1::CompleteTaskResponse completed;
  complete.set_name("tasks/x");
  CHECK(ReasonOf(tasks->CompleteTask(Call(), complete, &completed)) == "INVALID_TASK_NAME");
  complete.set_name("tasks/7");
  CHECK(ReasonOf(tasks->CompleteTask(Call(), complete, &completed)) == "TASK_NOT_FOUND");
  v1::UpdateTaskRequest update;
  v1::UpdateTaskResponse updated;
  update.mutable_task()->set_name(Create("ana", "y").name());
  update.mutable_update_mask()->add_paths("completed");
  CHECK(ReasonOf(tasks->UpdateTask(Call(), update, &updated)) == "INVALID_MASK");
  update.mutable_update_mask()->set_paths(0, "due_time");
  CHECK(ReasonOf(tasks->UpdateTask(Call(), update, &updated)) == "INVALID_VALUE");
  v1::ListTasksRequest list;
  v1::ListTasksResponse listed;
  list.set_order_by("title");
  CHECK(ReasonOf(tasks->ListTasks(Call(), list, &listed)) == "INVALID_ORDER");
}

TEST_CASE_METHOD(Office, "tasks by due time: open ones first, page by page, and those that are overdue") {
  REQUIRE(Publish(MakeEvent("", "ana", "email sent")).ok());
  constexpr std::int64_t kPast = 1'700'000'000;
  constexpr std::int64_t kFuture = 4'000'000'000;
  Create("ana", "some day");
  Create("ana", "later", kFuture);
  const v1::Task done = Create("ana", "done", kPast - 100);
  Create("ana", "overdue", kPast);
  v1::CompleteTaskRequest complete;
  complete.set_name(done.name());
  v1::CompleteTaskResponse completed;
  REQUIRE(tasks->CompleteTask(Call(), complete, &completed).ok());

  v1::ListTasksRequest request;
  request.set_order_by("due_time");
  request.set_show_completed(true);
  CHECK(Titles(request) == std::vector<std::string>{"overdue", "later", "some day", "done"});
  CHECK(next.empty());
  request.set_page_size(3);
  CHECK(Titles(request) == std::vector<std::string>{"overdue", "later", "some day"});
  request.set_page_token(next);
  CHECK(Titles(request) == std::vector<std::string>{"done"});
  CHECK(next.empty());
  v1::ListTasksRequest overdue;
  overdue.set_overdue(true);
  CHECK(Titles(overdue) == std::vector<std::string>{"overdue"});
}

TEST_CASE_METHOD(Office, "tasks of a deleted contact are in no list, in whichever order") {
  REQUIRE(Publish(MakeEvent("", "ana", "email sent")).ok());
  REQUIRE(Publish(MakeEvent("", "ben", "email sent")).ok());
  Create("ana", "hers");
  Create("ben", "his");
  v1::DeleteContactRequest gone;
  gone.set_name("contacts/ana");
  v1::DeleteContactResponse deleted;
  REQUIRE(contacts->DeleteContact(Call(), gone, &deleted).ok());
  v1::ListTasksRequest request;
  CHECK(Titles(request) == std::vector<std::string>{"his"});
  request.set_order_by("due_time");
  CHECK(Titles(request) == std::vector<std::string>{"his"});
}

TEST_CASE_METHOD(Office, "a task's title has a bound, like every text") {
  REQUIRE(Publish(MakeEvent("", "ana", "email sent")).ok());
  v1::CreateTaskRequest create;
  create.mutable_task()->set_contact("ana");
  create.mutable_task()->set_title(std::string(65'537, 't'));
  v1::CreateTaskResponse created;
  const grpc::Status status = tasks->CreateTask(Call(), create, &created);
  CHECK(ReasonOf(status) == "TEXT_TOO_LONG");
  CHECK(FieldsOf(DetailsOf(status)) == std::vector<std::string>{"task.title"});
  create.mutable_task()->set_title(std::string(65'536, 't'));
  CHECK(tasks->CreateTask(Call(), create, &created).ok());
}

TEST_CASE_METHOD(Office, "a name of another collection names no user") {
  v1::UpdateUserRequest request;
  request.mutable_user()->set_name("contacts/ana");
  request.mutable_user()->set_deactivated(true);
  request.set_allow_missing(true);
  v1::UpdateUserResponse response;
  const grpc::Status status = users->UpdateUser(Call(), request, &response);
  CHECK(ReasonOf(status) == "INVALID_USER");
  CHECK(status.error_message() == "`contacts/ana` names no user; expected `users/{user}`");
}

TEST_CASE_METHOD(Office, "users are those that scripts name, that own something, and of whom something was said") {
  v1::Event event = MakeEvent("", "ana", "contact updated");
  AddText(*event.mutable_properties(), "owner", "Olga@acme.example");
  REQUIRE(Publish(event).ok());
  v1::ListUsersRequest request;
  v1::ListUsersResponse response;
  REQUIRE(users->ListUsers(Call(), request, &response).ok());
  REQUIRE(response.users_size() == 4);
  CHECK(response.users(0).name() == "users/aya@acme.example");
  CHECK(response.users(0).teams(0) == "Sales");
  CHECK(response.users(2).name() == "users/mika@acme.example");
  CHECK(response.users(3).name() == "users/Olga@acme.example");
  CHECK(response.users(3).contacts_owned() == 1);
  request.set_page_size(3);
  REQUIRE(users->ListUsers(Call(), request, &response).ok());
  CHECK(response.users_size() == 3);
  request.set_page_token(response.next_page_token());
  response.Clear();
  REQUIRE(users->ListUsers(Call(), request, &response).ok());
  CHECK(response.users_size() == 1);
  CHECK(response.next_page_token().empty());
}

TEST_CASE_METHOD(Office, "who is away is passed over, and the ledger says why") {
  v1::User aya;
  aya.set_name("users/aya@acme.example");
  v1::Absence& absence = *aya.add_absences();
  absence.mutable_start_time()->set_seconds(1'000'000'000);
  absence.mutable_end_time()->set_seconds(4'000'000'000);
  absence.set_note("holidays");
  v1::UpdateUserResponse updated;
  REQUIRE(UpdateUser(aya, "absences", updated).ok());
  CHECK(updated.user().away());
  Qualify("ana");
  CHECK(TextOf(Get("ana"), "owner") == "ben@acme.example");
  Qualify("bob");

  v1::ListAssignmentsRequest request;
  v1::ListAssignmentsResponse ledger;
  REQUIRE(users->ListAssignments(Call(), request, &ledger).ok());
  REQUIRE(ledger.assignments_size() == 2);
  CHECK(ledger.assignments(0).contact() == "contacts/bob");
  CHECK(ledger.assignments(1).contact() == "contacts/ana");
  CHECK(ledger.assignments(1).user() == "users/ben@acme.example");
  CHECK(ledger.assignments(1).team() == "Sales");
  CHECK(ledger.assignments(1).method() == v1::ASSIGNMENT_METHOD_ROTATION);
  CHECK(ledger.assignments(1).load() == 0);
  CHECK(ledger.assignments(0).load() == 1);
  CHECK(ledger.assignments(1).reason() ==
        "turn of ben@acme.example in \"Sales\": aya@acme.example is away until 2096-10-02 07:06:40 (holidays)");
  request.set_user("AYA@acme.example");
  REQUIRE(users->ListAssignments(Call(), request, &ledger).ok());
  CHECK(ledger.assignments_size() == 0);
  request.set_show_lost_turns(true);
  REQUIRE(users->ListAssignments(Call(), request, &ledger).ok());
  CHECK(ledger.assignments_size() == 2);
  request.set_team("nobody");
  CHECK(ReasonOf(users->ListAssignments(Call(), request, &ledger)) == "TEAM_NOT_FOUND");
}

TEST_CASE_METHOD(Office, "the ledger goes page by page, newest first") {
  for (const char* contact : {"a", "b", "c"}) Qualify(contact);
  v1::ListAssignmentsRequest request;
  request.set_page_size(2);
  v1::ListAssignmentsResponse page;
  REQUIRE(users->ListAssignments(Call(), request, &page).ok());
  REQUIRE(page.assignments_size() == 2);
  CHECK(page.assignments(0).contact() == "contacts/c");
  request.set_page_token(page.next_page_token());
  page.Clear();
  REQUIRE(users->ListAssignments(Call(), request, &page).ok());
  REQUIRE(page.assignments_size() == 1);
  CHECK(page.assignments(0).contact() == "contacts/a");
}

TEST_CASE_METHOD(Office, "a user whom nobody knows is a slip of the pen, unless it is meant") {
  v1::User user;
  user.set_name("users/ana@acme.example");
  user.set_deactivated(true);
  v1::UpdateUserResponse response;
  CHECK(ReasonOf(UpdateUser(user, "deactivated", response)) == "USER_NOT_FOUND");
  v1::UpdateUserRequest request;
  *request.mutable_user() = user;
  request.set_allow_missing(true);
  REQUIRE(users->UpdateUser(Call(), request, &response).ok());
  CHECK(response.user().deactivated());
  CHECK(ReasonOf(UpdateUser(user, "teams", response)) == "INVALID_MASK");
  user.add_absences()->mutable_start_time()->set_seconds(5);
  CHECK(ReasonOf(UpdateUser(user, "absences", response)) == "INVALID_ABSENCE");
  user.mutable_absences(0)->mutable_end_time()->set_seconds(5);
  CHECK(ReasonOf(UpdateUser(user, "absences", response)) == "INVALID_ABSENCE");
  v1::GetUserRequest get;
  v1::GetUserResponse got;
  CHECK(ReasonOf(users->GetUser(Call(), get, &got)) == "INVALID_USER");
  get.set_name("users/ANA@acme.example");
  REQUIRE(users->GetUser(Call(), get, &got).ok());
  CHECK(got.user().deactivated());
}

}  // namespace
TEST_CASE_METHOD(Office, "a task that there is not is neither shown nor changed") {
  using Stub = v1::TaskService::Stub;
  v1::GetTaskRequest get;
  get.set_name("tasks/77");
  CHECK(ReasonOfCall(*tasks, &Stub::GetTask, get) == "TASK_NOT_FOUND");
  v1::UpdateTaskRequest update;
  update.mutable_task()->set_name("tasks/77");
  update.mutable_task()->set_title("Call");
  CHECK(ReasonOfCall(*tasks, &Stub::UpdateTask, update) == "TASK_NOT_FOUND");
  v1::CompleteTaskRequest complete;
  complete.set_name("tasks/77");
  CHECK(ReasonOfCall(*tasks, &Stub::CompleteTask, complete) == "TASK_NOT_FOUND");
  v1::ReopenTaskRequest reopen;
  reopen.set_name("tasks/77");
  CHECK(ReasonOfCall(*tasks, &Stub::ReopenTask, reopen) == "TASK_NOT_FOUND");
}

TEST_CASE_METHOD(Office, "no task changes when its contact is deleted, or when what that sets off does not come to an end") {
  using Stub = v1::TaskService::Stub;
  Qualify("ana");
  const v1::Task done = Create("ana", "Write");
  const v1::Task open = Create("ana", "Call");
  v1::CreateTaskRequest create;
  create.mutable_task()->set_contact("ana");
  create.mutable_task()->set_title("Visit");
  v1::UpdateTaskRequest update;
  update.mutable_task()->set_name(open.name());
  update.mutable_task()->set_title("Ring");
  v1::CompleteTaskRequest complete;
  complete.set_name(done.name());
  REQUIRE(ReasonOfCall(*tasks, &Stub::CompleteTask, complete).empty());
  v1::ReopenTaskRequest reopen;
  reopen.set_name(done.name());
  complete.set_name(open.name());
  const auto reasons = [&] {
    return std::vector<std::string>{ReasonOfCall(*tasks, &Stub::CreateTask, create), ReasonOfCall(*tasks, &Stub::UpdateTask, update),
                                    ReasonOfCall(*tasks, &Stub::CompleteTask, complete), ReasonOfCall(*tasks, &Stub::ReopenTask, reopen)};
  };
  Deploy("on task created add 1 to n\non task changed add 1 to n\non task completed add 1 to n\non task reopened add 1 to n\n" +
         std::string(kEndless));
  CHECK(reasons() == std::vector<std::string>(4, "CASCADE_TOO_LONG"));
  v1::DeleteContactRequest gone;
  gone.set_name("ana");
  REQUIRE(ReasonOfCall(*contacts, &v1::ContactService::Stub::DeleteContact, gone).empty());
  CHECK(reasons() == std::vector<std::string>(4, "CONTACT_DELETED"));
}

TEST_CASE_METHOD(Office, "a task is for a contact by its id, not for who is deactivated, and its request_id is for it alone") {
  using Stub = v1::TaskService::Stub;
  Qualify("ana");
  v1::User ben;
  ben.set_name("users/ben@acme.example");
  ben.set_deactivated(true);
  v1::UpdateUserResponse updated;
  REQUIRE(UpdateUser(ben, "deactivated", updated).ok());
  v1::CreateTaskRequest create;
  create.mutable_task()->set_contact("ana");
  create.mutable_task()->set_title("Call");
  create.set_request_id("call");
  CHECK(ReasonOfCall(*tasks, &Stub::CreateTask, create).empty());
  create.mutable_task()->set_title("Visit");
  CHECK(ReasonOfCall(*tasks, &Stub::CreateTask, create) == "EVENT_ID_REUSED");
  create.clear_request_id();
  create.mutable_task()->set_assignee("ben@acme.example");
  CHECK(ReasonOfCall(*tasks, &Stub::CreateTask, create) == "USER_DEACTIVATED");
  create.mutable_task()->set_contact("no spaces please");
  CHECK(ReasonOfCall(*tasks, &Stub::CreateTask, create) == "INVALID_CONTACT_ID");
  v1::UpdateTaskRequest update;
  update.mutable_task()->set_name(Create("ana", "Write").name());
  update.mutable_task()->set_assignee("ben@acme.example");
  CHECK(ReasonOfCall(*tasks, &Stub::UpdateTask, update) == "USER_DEACTIVATED");
}

TEST_CASE_METHOD(Office, "what names no task is refused, and so is a task that does not say what is to be done") {
  using Stub = v1::TaskService::Stub;
  for (const std::string name : {"", "users/1", "tasks/first", "tasks/0"}) {
    INFO(name);
    const auto check = [&](auto method, auto request) {
      request.set_name(name);
      CHECK(ReasonOfCall(*tasks, method, request) == "INVALID_TASK_NAME");
    };
    check(&Stub::GetTask, v1::GetTaskRequest());
    check(&Stub::CompleteTask, v1::CompleteTaskRequest());
    check(&Stub::ReopenTask, v1::ReopenTaskRequest());
    v1::UpdateTaskRequest update;
    update.mutable_task()->set_name(name);
    update.mutable_task()->set_title("Call");
    CHECK(ReasonOfCall(*tasks, &Stub::UpdateTask, update) == "INVALID_TASK_NAME");
  }
  Qualify("ana");
  v1::CreateTaskRequest create;
  create.mutable_task()->set_contact("ana");
  CHECK(ReasonOfCall(*tasks, &Stub::CreateTask, create) == "INVALID_VALUE");
}

TEST_CASE_METHOD(Office, "a user whom nobody knows is not shown") {
  v1::GetUserRequest get;
  get.set_name("users/nobody@acme.example");
  CHECK(ReasonOfCall(*users, &v1::UserService::Stub::GetUser, get) == "USER_NOT_FOUND");
}

}  // namespace stagecraft::tests
