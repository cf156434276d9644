#include "runtime/picture/draw_svg.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "runtime/model/reasons.h"

extern char** environ;

namespace stagecraft::runtime {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void Close() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

tl::unexpected<Status> Failed(const std::string& what) {
  return Fail(StatusCode::kInternal, reasons::kPictureFailed, "graphviz drew no picture: " + what);
}

// Starts `dot` with `end` as its standard input and output; its process id, or the error.
tl::expected<pid_t, int> Start(const std::string& program, int end) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program;
  std::string format = "-Tsvg";
  const std::array<char*, 3> arguments = {name.data(), format.data(), nullptr};
  pid_t process = 0;
  const int error = posix_spawnp(&process, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return tl::unexpected(error);
  return process;
}

void Limit(pid_t process, const DrawLimits& limits) {
  const rlimit cpu = {limits.cpu_seconds, limits.cpu_seconds};
  prlimit(process, RLIMIT_CPU, &cpu, nullptr);
  const rlimit memory = {limits.memory_bytes, limits.memory_bytes};
  prlimit(process, RLIMIT_AS, &memory, nullptr);
}

// Sends `input` and takes what comes back until the other end closes. A process that ends before it has read everything is noticed by
// its exit code, not here.
std::string Exchange(int end, std::string_view input) {
  std::string output;
  std::array<char, 65'536> piece{};
  bool sending = true;
  while (true) {
    if (sending && input.empty()) {
      shutdown(end, SHUT_WR);
      sending = false;
    }
    pollfd state = {end, static_cast<short>(POLLIN | (sending ? POLLOUT : 0)), 0};
    if (poll(&state, 1, -1) < 0) {
      if (errno == EINTR) continue;
      return output;
    }
    if ((state.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      const ssize_t count = recv(end, piece.data(), piece.size(), 0);
      if (count == 0 || (count < 0 && errno != EINTR)) return output;
      if (count > 0) output.append(piece.data(), static_cast<std::size_t>(count));
    }
    if (sending && (state.revents & POLLOUT) != 0) {
      const ssize_t count = send(end, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
      if (count < 0 && errno != EINTR && errno != EAGAIN) sending = false;
    }
  }
}

int WaitFor(pid_t process) {
  int state = 0;
  while (waitpid(process, &state, 0) < 0 && errno == EINTR) {}
  return state;
}

}  // namespace

Result<std::string> DrawSvg(std::string_view dot, const DrawLimits& limits, const std::string& program) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return Failed(std::strerror(errno));
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const auto process = Start(program, theirs.number());
  theirs.Close();
  if (!process) {
    if (process.error() != ENOENT) return Failed(std::strerror(process.error()));
    return Fail(
        StatusCode::kFailedPrecondition, reasons::kNoGraphviz,
        "an SVG picture needs graphviz, and there is no `" + program + "` on this machine; install graphviz, or take dot or mermaid");
  }
  Limit(*process, limits);
  std::string svg = Exchange(ours.number(), dot);
  const int state = WaitFor(*process);
  if (WIFSIGNALED(state) && (WTERMSIG(state) == SIGXCPU || WTERMSIG(state) == SIGKILL)) {
    return Fail(
        StatusCode::kResourceExhausted, reasons::kPictureTooLarge,
        "the picture is too large to be drawn in " + std::to_string(limits.cpu_seconds) + " s; take fewer scripts, or take dot or mermaid");
  }
  if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) return Failed("it ended with " + std::to_string(state));
  if (svg.empty()) return Failed("it gave nothing back");
  return svg;
}

}  // namespace stagecraft::runtime
