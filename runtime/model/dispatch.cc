// The packed form, in codec.h's primitives: id, contact, state, attempts, next at, tried at, error.
#include "runtime/model/dispatch.h"

#include "runtime/model/codec.h"

namespace stagecraft::runtime {

void PutOutcome(const Dispatch& dispatch, Effect& effect) {
  effect.kind = EffectKind::kDispatched;
  effect.number = dispatch.id;
  effect.detail = static_cast<std::uint8_t>(dispatch.state);
  effect.target = dispatch.attempts;
  effect.number_before = dispatch.next_at;
  effect.after = {dispatch.tried_at != 0, dispatch.tried_at, {}};
  effect.text = dispatch.error;
}

bool TakeOutcome(const Effect& effect, Dispatch& dispatch) {
  if (effect.kind != EffectKind::kDispatched || effect.detail >= kDispatchStates) return false;
  dispatch.state = static_cast<DispatchState>(effect.detail);
  dispatch.attempts = effect.target;
  dispatch.next_at = effect.number_before;
  dispatch.tried_at = effect.after.number;
  dispatch.error = effect.text;
  return true;
}

void EncodeDispatch(const Dispatch& dispatch, std::string& out) {
  Writer writer(out);
  writer.Signed(dispatch.id);
  writer.Unsigned(dispatch.contact);
  writer.Byte(static_cast<std::uint8_t>(dispatch.state));
  writer.Unsigned(dispatch.attempts);
  writer.Signed(dispatch.next_at);
  writer.Signed(dispatch.tried_at);
  writer.Text(dispatch.error);
}

std::optional<Dispatch> DecodeDispatch(std::string_view bytes) {
  Reader reader(bytes);
  Dispatch dispatch;
  dispatch.id = reader.Signed();
  dispatch.contact = reader.Bounded<std::uint32_t>();
  const std::uint8_t state = reader.Byte();
  if (state >= kDispatchStates) reader.Fail();
  dispatch.state = static_cast<DispatchState>(state);
  dispatch.attempts = reader.Bounded<std::uint32_t>();
  dispatch.next_at = reader.Signed();
  dispatch.tried_at = reader.Signed();
  dispatch.error = reader.Text();
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return dispatch;
}

}  // namespace stagecraft::runtime
