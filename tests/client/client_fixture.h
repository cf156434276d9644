// A server of its own for a test, to be killed and begun again on the same data, and what clients say to it.
#ifndef STAGECRAFT_TESTS_CLIENT_CLIENT_FIXTURE_H_
#define STAGECRAFT_TESTS_CLIENT_CLIENT_FIXTURE_H_

#include <grpcpp/channel.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/connect.h"
#include "tests/fault/server_process.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::tests {

namespace v1 = ::stagecraft::v1;

class ClientFixture {
 public:
  // Starts the server, and returns when it answers. Again after Kill: on the same data.
  void Start(const std::vector<std::string>& options = {});
  void Kill();
  // Makes a token with the program, and gives its secret.
  std::string MakeToken(const std::string& role);
  std::string Path(const std::string& file) const { return folder_.path() + "/" + file; }
  std::string address() const { return "unix:" + Path("socket"); }
  std::shared_ptr<grpc::Channel> Connect(const std::string& token = "") const;
  // How many events the server has taken, by its own list.
  std::size_t CountEvents(const std::shared_ptr<grpc::Channel>& channel) const;

 private:
  TempFolder folder_;
  std::optional<ServerProcess> server_;
};

// A page view that creates its contact when it has to.
v1::Event PageViewed(const std::string& id, const std::string& contact);

std::string ReadText(const std::string& path);
// Runs it in a shell; fails the test when that fails.
void Shell(const std::string& command);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_CLIENT_CLIENT_FIXTURE_H_
