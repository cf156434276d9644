#include "bench/load_client.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <cstdio>
#include <cstdlib>

namespace stagecraft::bench {

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double MeasuredSeconds(double otherwise) {
  const char* text = std::getenv("BENCH_SECONDS");
  return text == nullptr ? otherwise : std::atof(text);
}

void Die(const std::string& message) {
  fmt::print(stderr, "publish_load: {}\n", message);
  std::exit(1);
}

void Print(const std::string& name, double value, const char* unit) { fmt::print("{} {:.6g} {}\n", name, value, unit); }

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto channel = grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) Die("no server at " + server);
  return channel;
}

Ids::Ids(std::uint32_t stream) {
  const auto start = std::chrono::system_clock::now().time_since_epoch().count();
  fmt::format_to_n(text_, kBytes, "{:012x}{:02x}{:010x}", static_cast<std::uint64_t>(start / 1000) & 0xFFFF'FFFF'FFFF, stream & 0xFFU, 0);
}

void Ids::Next(std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t rest = ++count_;
  for (int place = kBytes - 1; place >= 14 && rest != 0; --place, rest >>= 4) text_[place] = kDigits[rest & 15U];
  out->assign(text_, kBytes);
}

void Fill(Rng& rng, std::uint32_t contacts, v1::Event* event) {
  const GeneratedEvent generated = NextEvent(rng, contacts);
  event->set_contact(ContactId(generated.contact));
  event->set_type(std::string(TypeName(generated.type)));
  event->set_actor("web");
  if (const std::string_view field = AttributeField(generated.type); !field.empty()) {
    v1::Field* attribute = event->add_fields();
    attribute->set_name(std::string(field));
    attribute->set_text(std::string(generated.attribute));
  }
}

void SetNow(v1::Event* event) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  event->mutable_occurred_at()->set_seconds(now / 1'000'000);
  event->mutable_occurred_at()->set_nanos(static_cast<std::int32_t>(now % 1'000'000) * 1000);
}

}  // namespace stagecraft::bench
