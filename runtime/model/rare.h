// A member that most objects do not have: one pointer, null until it is asked for to be changed. Copies are deep.
#ifndef STAGECRAFT_RUNTIME_MODEL_RARE_H_
#define STAGECRAFT_RUNTIME_MODEL_RARE_H_

#include <memory>

namespace stagecraft::runtime {

template <typename T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;

  // The value; a default one when it was never changed.
  const T& Get() const {
    static const T kDefault{};
    return value_ ? *value_ : kDefault;
  }
  T& Change() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_RARE_H_
