// Several clients at once, each with a stream and contacts of its own, that try again what was not acknowledged.
#ifndef STAGECRAFT_TESTS_FAULT_STREAM_LOAD_H_
#define STAGECRAFT_TESTS_FAULT_STREAM_LOAD_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/fault/fault_list.h"
#include "tests/fault/server_process.h"

namespace stagecraft::tests {

// Its events are the same each time: the batches of a client are numbered, and the number says what is in one. All functions return
// what went wrong.
class StreamLoad {
 public:
  explicit StreamLoad(int streams);

  // All clients at once send what was acknowledged last, which must be there already, and then what was not, which may be.
  Faults SendAgain(const std::shared_ptr<grpc::Channel>& channel);
  // All clients at once stream without waiting for answers. The server is killed when `acknowledgements` have come to all of them
  // together.
  Faults StreamUntilKilled(ServerProcess& server, const std::shared_ptr<grpc::Channel>& channel, int acknowledgements);
  // The same until their streams end, of which `fault_of_end` says what is wrong with it; empty: nothing. `then` is done when the
  // acknowledgements have come, by one of the clients' threads.
  Faults StreamUntilEnded(const std::shared_ptr<grpc::Channel>& channel, int acknowledgements, const std::function<void()>& then,
                          const std::function<std::string(const grpc::Status&)>& fault_of_end);
  // All that was ever sent, in one go, to a server that has none of it.
  Faults SendAll(const std::shared_ptr<grpc::Channel>& channel) const;

  // How many events were sent for each contact.
  std::map<std::string, int> Expected() const;
  std::string FirstContact() const;
  std::string FirstEvent() const;

 private:
  struct Client {
    int next_batch = 0;  // those before it were sent
    int open = 0;        // from here on not acknowledged
    int sure = 0;        // from here to `open`: acknowledged by the server that was killed last
  };

  std::vector<Client> clients_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_STREAM_LOAD_H_
