#include "dsl/syntax/apart_read.h"

namespace stagecraft::grammar {

template bool ReadApart<condition<event_suffix>>(Input&, Builder&);
template bool ReadApart<condition<no_suffix>>(Input&, Builder&);
template bool ReadApart<operand<no_suffix>>(Input&, Builder&);
template bool ReadApart<condition<expected_suffix>>(Input&, Builder&);
template bool ReadApart<operand<expected_suffix>>(Input&, Builder&);

}  // namespace stagecraft::grammar
