// The packed forms of values, and of what a record makes beside the contact's state (tasks, notifications, deals, deliveries): they stand
// in journal records and, by themselves, in the checkpoint.
#ifndef STAGECRAFT_RUNTIME_MODEL_CODEC_EFFECT_H_
#define STAGECRAFT_RUNTIME_MODEL_CODEC_EFFECT_H_

#include "runtime/model/codec.h"
#include "runtime/model/effect.h"

namespace stagecraft::runtime {

void PutValue(Writer& writer, const Value& value);
void GetValue(Reader& reader, Value& out);

void PutTask(Writer& writer, const Task& task);
void GetTask(Reader& reader, Task& out);

void PutNotification(Writer& writer, const Notification& notification);
void GetNotification(Reader& reader, Notification& out);

void PutDeal(Writer& writer, const Deal& deal);
void GetDeal(Reader& reader, Deal& out);

void PutDelivery(Writer& writer, const Delivery& delivery);
void GetDelivery(Reader& reader, Delivery& out);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_CODEC_EFFECT_H_
