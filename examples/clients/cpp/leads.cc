// How a program calls Stagecraft: it publishes events, reads contacts, understands errors, and watches what happens.
// STAGECRAFT_SERVER=HOST:PORT, with STAGECRAFT_TLS_CA (a file) and STAGECRAFT_TOKEN where the server wants them.
#include <stagecraft/v1/contact_service.grpc.pb.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/change_watcher.h"
#include "client/connect.h"
#include "client/event_publisher.h"
#include "client/id.h"

namespace {

namespace client = stagecraft::client;
namespace v1 = stagecraft::v1;
using std::chrono::seconds;

void Expect(bool is_so, const std::string& what) {
  if (!is_so) throw std::runtime_error("not as expected: " + what);
}

std::string Variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// [connect]
std::shared_ptr<grpc::Channel> Connect() {
  client::ConnectOptions options;
  options.address = Variable("STAGECRAFT_SERVER", "127.0.0.1:7400");
  options.token = Variable("STAGECRAFT_TOKEN", "");
  // To another machine by TLS in any case: without this, with the system's authorities.
  if (const std::string ca = Variable("STAGECRAFT_TLS_CA", ""); !ca.empty()) options.tls = client::Tls{ReadFile(ca), "", ""};
  const auto channel = client::Connect(options);
  if (!channel.ok()) throw std::runtime_error(channel.status.message);
  return channel.value;
}
// [/connect]

v1::Event PageView(const std::string& contact) {
  v1::Event event;
  event.set_contact("contacts/" + contact);
  event.set_type("page viewed");
  return event;
}

// [batch]
// How many were taken. Calls are repeated when the server is busy or away: the library gives each event an id before.
int PublishBatch(const client::Caller<v1::EventService>& events) {
  v1::PublishEventsRequest request;
  for (const char* contact : {"ana", "ben"}) {
    v1::Event* event = request.add_events();
    event->set_contact(std::string("contacts/") + contact);
    event->set_type("contact updated");
    event->set_create_if_missing(true);
    v1::Field* lifecycle = event->add_properties();
    lifecycle->set_name("lifecycle");
    lifecycle->set_text("SQL");
  }
  request.add_events()->set_contact("contacts/ana");
  request.mutable_events(2)->set_type("page veiwed");
  const auto answer = events.Call(&v1::EventService::Stub::PublishEvents, request);
  if (!answer.ok()) throw std::runtime_error(answer.status.message);
  int taken = 0;
  for (const v1::EventResult& result : answer.value.results()) {
    if (result.has_error()) {
      std::cout << "event " << result.index() << " was not taken: " << client::ToStatus(result.error()).message << "\n";
    } else {
      ++taken;
    }
  }
  return taken;
}
// [/batch]

// [stream]
// Many events: in batches over one stream, which is begun again when it breaks.
client::PublishReport PublishStream(const std::shared_ptr<grpc::Channel>& channel, int views) {
  client::PublisherOptions options;
  options.on_rejected = [](const client::Rejection& rejection) {
    std::cout << "event " << rejection.index << ": " << rejection.status.reason << ", " << rejection.status.message << "\n";
  };
  client::EventPublisher publisher(channel, options);
  for (int i = 0; i < views; ++i) {
    // Waits while as many events are unacknowledged as may be.
    if (const client::Status status = publisher.Publish(PageView("ana")); !status.ok()) break;  // it has ended; Close says why
  }
  // What is in `unacknowledged` may be published again as it is; everything else is durable.
  return publisher.Close(seconds(60));
}
// [/stream]

// [read]
std::vector<std::string> ReadContacts(const client::Caller<v1::ContactService>& contacts) {
  v1::ListContactsRequest request;
  request.set_filter("lifecycle is SQL");
  request.set_page_size(1);
  std::vector<std::string> names;
  client::CallOptions options;
  options.timeout = seconds(10);  // of each page, with all tries
  do {
    const auto page = contacts.Call(&v1::ContactService::Stub::ListContacts, request, options);
    if (!page.ok()) throw std::runtime_error(page.status.message);
    for (const v1::Contact& contact : page.value.contacts()) names.push_back(contact.name());
    request.set_page_token(page.value.next_page_token());
  } while (!request.page_token().empty());
  return names;
}
// [/read]

// [error]
std::string ReadNobody(const client::Caller<v1::ContactService>& contacts) {
  v1::GetContactRequest request;
  request.set_name("contacts/nobody");
  const client::Status status = contacts.Call(&v1::ContactService::Stub::GetContact, request).status;
  if (status.reason == "CONTACT_NOT_FOUND") return "nobody there: " + status.message;
  for (const client::FieldViolation& field : status.fields) std::cout << field.field << ": " << field.description << "\n";
  throw std::runtime_error(status.ok() ? "there is a contact that should not be there" : status.message);
}
// [/error]

// [watch]
// The next change behind `cursor`, over breaks of the connection. Then `cursor` is behind it: keep it when the change is handled.
std::string WatchOne(const std::shared_ptr<grpc::Channel>& channel, std::string& cursor) {
  client::WatchOptions options;
  options.cursor = cursor;
  client::ChangeWatcher watcher(channel, options);
  for (;;) {
    const auto next = watcher.Next(seconds(10));
    if (!next.ok()) throw std::runtime_error(next.status.message);
    cursor = next.value.cursor();
    for (const v1::Change& change : next.value.changes()) return change.contact() + ": " + change.entry().title();
  }
}
// [/watch]

// The first answer has a cursor alone; everything that happens from then on comes, also to who begins again with it.
std::string Cursor(const std::shared_ptr<grpc::Channel>& channel) {
  client::ChangeWatcher watcher(channel);
  const auto first = watcher.Next(seconds(30));
  Expect(first.ok() && !first.value.cursor().empty(), "no cursor: " + first.status.message);
  return first.value.cursor();
}

void Run() {
  const auto channel = Connect();
  const client::Caller<v1::EventService> events(channel);
  const client::Caller<v1::ContactService> contacts(channel);
  Expect(PublishBatch(events) == 2, "two events of the batch");
  const client::PublishReport report = PublishStream(channel, 1000);
  Expect(report.status.ok() && report.applied == 1000, "a thousand page views, " + report.status.message);
  Expect(ReadContacts(contacts) == std::vector<std::string>{"contacts/ana", "contacts/ben"}, "ana and ben");
  std::cout << ReadNobody(contacts) << "\n";
  std::string cursor = Cursor(channel);
  v1::PublishEventRequest request;
  *request.mutable_event() = PageView("ben");
  Expect(events.Call(&v1::EventService::Stub::PublishEvent, request).ok(), "a page view of ben");
  std::cout << WatchOne(channel, cursor) << "\n";
}

}  // namespace

int main() {
  try {
    Run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "leads: " << error.what() << "\n";
    return 1;
  }
}
