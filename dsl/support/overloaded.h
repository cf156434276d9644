// One visitor of several functions, for std::visit.
#ifndef STAGECRAFT_DSL_SUPPORT_OVERLOADED_H_
#define STAGECRAFT_DSL_SUPPORT_OVERLOADED_H_

namespace stagecraft {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_OVERLOADED_H_
