#include "runtime/picture/draw_svg.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

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

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 2;

tl::unexpected<Status> Failed(const std::string& what) {
  return Fail(StatusCode::kInternal, reasons::kPictureFailed, "graphviz drew no picture: " + what);
}

tl::unexpected<Status> TooLarge(const std::string& what) {
  return Fail(StatusCode::kResourceExhausted, reasons::kPictureTooLarge, what + "; take fewer scripts, or take dot or mermaid");
}

// `dot` while it draws. It leads a group of processes, so that what it starts ends with it, and knows nothing of the signals that this
// process ignores or blocks.
class Drawing {
 public:
  explicit Drawing(pid_t process) : process_(process) {}
  // Ends all that is left of it. Until here its number belongs to it, whether it has ended or not.
  ~Drawing() {
    kill(-process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {}
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  // Starts `program` with `end` as its standard input and output; its process id, or the error.
  static tl::expected<pid_t, int> Start(const std::string& program, int end);

  void Limit(const DrawLimits& limits) const {
    const rlimit cpu = {limits.cpu_seconds, limits.cpu_seconds};
    prlimit(process_, RLIMIT_CPU, &cpu, nullptr);
    const rlimit memory = {limits.memory_bytes, limits.memory_bytes};
    prlimit(process_, RLIMIT_AS, &memory, nullptr);
  }

  // How it has ended; nothing when it has not by then.
  std::optional<siginfo_t> WaitUntil(Clock::time_point deadline) const {
    while (true) {
      siginfo_t end{};
      if (waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid != 0) return end;
      if (Clock::now() >= deadline) return std::nullopt;
      poll(nullptr, 0, kPollMs);
    }
  }

 private:
  pid_t process_;
};

tl::expected<pid_t, int> Drawing::Start(const std::string& program, int end) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  std::string name = program;
  std::string format = "-Tsvg";
  const std::array<char*, 3> arguments = {name.data(), format.data(), nullptr};
  pid_t process = 0;
  const int error = posix_spawnp(&process, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return tl::unexpected(error);
  return process;
}

enum class Ending { kClosed, kTooLate, kTooMuch };

// Sends `input` and takes what comes back into `output` until the other end closes. A process that ends before it has read everything is
// noticed by its exit code, not here.
class Exchange {
 public:
  Exchange(int end, std::string_view input) : end_(end), input_(input) {}

  Ending Run(Clock::time_point deadline, std::size_t bytes_max) {
    while (true) {
      if (sending_ && input_.empty()) {
        shutdown(end_, SHUT_WR);
        sending_ = false;
      }
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return Ending::kTooLate;
      pollfd state = {end_, static_cast<short>(POLLIN | (sending_ ? POLLOUT : 0)), 0};
      const int ready = poll(&state, 1, static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) return Ending::kClosed;
      if (ready <= 0) continue;
      if ((state.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !Receive()) return Ending::kClosed;
      if (output_.size() > bytes_max) return Ending::kTooMuch;
      if (sending_ && (state.revents & POLLOUT) != 0) Send();
    }
  }

  std::string TakeOutput() { return std::move(output_); }

 private:
  // False when nothing more can come.
  bool Receive() {
    std::array<char, 65'536> piece{};
    const ssize_t count = recv(end_, piece.data(), piece.size(), 0);
    if (count > 0) output_.append(piece.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
  }

  void Send() {
    const ssize_t count = send(end_, input_.data(), input_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) input_.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR && errno != EAGAIN) sending_ = false;
  }

  int end_;
  std::string_view input_;
  bool sending_ = true;
  std::string output_;
};

std::string Seconds(std::chrono::milliseconds time) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s"; }

}  // namespace

Result<std::string> DrawSvg(std::string_view dot, const DrawLimits& limits, const std::string& program) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return Failed(std::strerror(errno));
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const auto deadline = Clock::now() + limits.time;
  const auto process = Drawing::Start(program, theirs.number());
  theirs.Close();
  if (!process) {
    if (process.error() != ENOENT) return Failed(std::strerror(process.error()));
    return Fail(
        StatusCode::kFailedPrecondition, reasons::kNoGraphviz,
        "an SVG picture needs graphviz, and there is no `" + program + "` on this machine; install graphviz, or take dot or mermaid");
  }
  Drawing drawing(*process);
  drawing.Limit(limits);
  Exchange exchange(ours.number(), dot);
  const Ending ending = exchange.Run(deadline, limits.picture_bytes);
  if (ending == Ending::kTooMuch) return TooLarge("the picture has more than " + std::to_string(limits.picture_bytes >> 20U) + " MiB");
  const auto end = ending == Ending::kClosed ? drawing.WaitUntil(deadline) : std::nullopt;
  if (!end) return TooLarge("the picture was not drawn within " + Seconds(limits.time));
  if (end->si_code != CLD_EXITED && (end->si_status == SIGXCPU || end->si_status == SIGKILL)) {
    return TooLarge("the picture is too large to be drawn in " + std::to_string(limits.cpu_seconds) + " s");
  }
  if (end->si_code != CLD_EXITED) return Failed("it was ended by signal " + std::to_string(end->si_status));
  if (end->si_status != 0) return Failed("it ended with exit code " + std::to_string(end->si_status));
  std::string svg = exchange.TakeOutput();
  if (svg.empty()) return Failed("it gave nothing back");
  return svg;
}

}  // namespace stagecraft::runtime
