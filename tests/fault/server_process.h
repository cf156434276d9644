// `stagecraft serve` as a process of its own, to be killed.
#ifndef STAGECRAFT_TESTS_FAULT_SERVER_PROCESS_H_
#define STAGECRAFT_TESTS_FAULT_SERVER_PROCESS_H_

#include <grpcpp/channel.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace stagecraft::tests {

class ServerProcess {
 public:
  // Starts the binary on the data folder, listening on `socket` (a path), with more options of `serve`. Throws when it cannot be started.
  ServerProcess(const std::string& binary, const std::string& data, const std::string& socket,
                const std::vector<std::string>& options = {});
  // Kills it, if it still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // kill -9, and waits until the process is gone.
  void Kill();
  // SIGTERM, waits, and returns the exit code; -1 when it did not end by itself.
  int Stop();
  // SIGTERM, and nothing else.
  void Terminate();
  // Waits until it has ended, and returns as Stop.
  int Wait();
  // The port of HTTP, once it listens: it must be given `--http-listen 127.0.0.1:0`. Throws when there is none.
  int HttpPort();
  // A connection of its own; nullptr when the server does not come up.
  std::shared_ptr<grpc::Channel> Connect() const;

 private:
  pid_t pid_ = 0;    // 0: ended
  int output_ = -1;  // what it says on standard output
  std::string socket_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_SERVER_PROCESS_H_
