#include "tests/fault/server_process.h"

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace stagecraft::tests {

ServerProcess::ServerProcess(const std::string& binary, const std::string& data, const std::string& socket,
                             const std::vector<std::string>& options)
    : socket_("unix:" + socket) {
  std::vector<std::string> arguments = {binary, "serve", "--data", data, "--listen", socket_};
  arguments.insert(arguments.end(), options.begin(), options.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_ = ends[0];
  // Spawned, not forked: gRPC has threads in this process.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = posix_spawn(&pid_, binary.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) throw std::runtime_error("cannot start " + binary);
}

ServerProcess::~ServerProcess() {
  if (pid_ != 0) Kill();
  close(output_);
}

int ServerProcess::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void ServerProcess::Kill() {
  kill(pid_, SIGKILL);
  Wait();
}

void ServerProcess::Terminate() { kill(pid_, SIGTERM); }

int ServerProcess::Stop() {
  Terminate();
  return Wait();
}

int ServerProcess::HttpPort() {
  static constexpr std::string_view kBefore = "http://127.0.0.1:";
  std::string said;
  for (char letter = 0; read(output_, &letter, 1) == 1;) {
    said.push_back(letter);
    if (letter != '\n') continue;
    const auto found = said.find(kBefore);
    if (found != std::string::npos) return std::stoi(said.substr(found + kBefore.size()));
    said.clear();
  }
  throw std::runtime_error("the server has no port of HTTP");
}

std::shared_ptr<grpc::Channel> ServerProcess::Connect() const {
  grpc::ChannelArguments arguments;
  // Connections are shared between channels of one address otherwise, with the back-off of the server that was killed.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
  auto channel = grpc::CreateCustomChannel(socket_, grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(60))) return nullptr;
  return channel;
}

}  // namespace stagecraft::tests
