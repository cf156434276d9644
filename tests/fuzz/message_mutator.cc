// The part of RequestMutator that changes the fields of messages, by reflection.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <iterator>
#include <limits>

#include "tests/fuzz/request_mutator.h"

namespace stagecraft::tests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDepthMax = 5;

}  // namespace

std::int64_t RequestMutator::Number() {
  constexpr std::int64_t kNumbers[] = {0,
                                       1,
                                       2,
                                       3,
                                       -1,
                                       7,
                                       50,
                                       1000,
                                       1001,
                                       1 << 20,
                                       INT32_MAX,
                                       INT32_MIN,
                                       INT64_MAX,
                                       INT64_MIN,
                                       1'760'000'000,
                                       1'760'000'000'000,
                                       253'402'300'799,
                                       253'402'300'800,
                                       -62'135'596'800,
                                       -62'135'596'801,
                                       999'999'999,
                                       1'000'000'000,
                                       9'223'372'036'854,
                                       9'223'372'036'855,
                                       0x7ff};
  return OneIn(chance_, 8) ? static_cast<std::int64_t>((std::uint64_t{chance_()} << 33U) ^ chance_())
                           : kNumbers[Below(chance_, std::size(kNumbers))];
}

double RequestMutator::Real() {
  constexpr double kReals[] = {0.0,
                               -0.0,
                               1,
                               -1,
                               0.1,
                               12.5,
                               1e15,
                               9007199254740993.0,
                               1e308,
                               -1e308,
                               1e-320,
                               1e18,
                               9.3e18,
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()};
  return kReals[Below(chance_, std::size(kReals))];
}

void RequestMutator::Fill(Message& message, int depth) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (Below(chance_, 5) < 3) SetField(message, *type.field(i), depth);
  }
}

void RequestMutator::ChangeMessage(Message& message, int depth) {
  const Descriptor& type = *message.GetDescriptor();
  if (type.field_count() == 0) return;
  const FieldDescriptor& field = *type.field(static_cast<int>(Below(chance_, type.field_count())));
  const Reflection& reflection = *message.GetReflection();
  const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const int count = field.is_repeated() ? reflection.FieldSize(message, &field) : 0;
  if (OneIn(chance_, 12)) {
    reflection.ClearField(&message, &field);
  } else if (count > 0 && OneIn(chance_, 6)) {
    reflection.RemoveLast(&message, &field);
  } else if (is_message && !OneIn(chance_, 4) && count > 0) {
    ChangeMessage(*reflection.MutableRepeatedMessage(&message, &field, static_cast<int>(Below(chance_, count))), depth + 1);
  } else if (is_message && !OneIn(chance_, 4) && !field.is_repeated() && reflection.HasField(message, &field)) {
    ChangeMessage(*reflection.MutableMessage(&message, &field), depth + 1);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field.is_repeated() && OneIn(chance_, 4)) {
    reflection.SetString(&message, &field, change_bytes_(reflection.GetString(message, &field), 4096));
  } else {
    SetField(message, field, depth);
  }
}

void RequestMutator::SetField(Message& message, const FieldDescriptor& field, int depth) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (depth >= kDepthMax) return;
    const Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      Fill(*reflection.MutableMessage(&message, &field), depth + 1);
      return;
    }
    do Fill(*reflection.AddMessage(&message, &field), depth + 1);
    while (OneIn(chance_, 3));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    SetText(message, field);
  } else {
    SetPlain(message, field);
  }
}

void RequestMutator::SetText(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  // What a page token belongs to is in the same request: with another filter it is refused, which is found soon enough.
  const bool is_other = field.name() == "page_token" && OneIn(chance_, 2);
  const std::string word = is_other ? "" : words_.For(field.name(), chance_);
  if (field.is_repeated()) {
    reflection.AddString(&message, &field, word);
  } else {
    reflection.SetString(&message, &field, word);
  }
}

// The repeated ones of our requests are texts and messages.
void RequestMutator::SetPlain(Message& message, const FieldDescriptor& field) {
  if (field.is_repeated()) return;
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, OneIn(chance_, 2));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.SetEnumValue(
          &message, &field,
          OneIn(chance_, 8) ? static_cast<int>(Number()) : static_cast<int>(Below(chance_, field.enum_type()->value_count() + 1)));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&message, &field, static_cast<std::int32_t>(Number()));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(&message, &field, Number());
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      reflection.SetDouble(&message, &field, Real());
      break;
    default:
      break;  // the API has no other types (api.md, "Types")
  }
}

}  // namespace stagecraft::tests
