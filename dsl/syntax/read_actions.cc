#include "dsl/syntax/apart_read.h"

namespace stagecraft::grammar {

template bool ReadApart<any_action>(Input&, Builder&);
template bool ReadApart<block_action>(Input&, Builder&);

}  // namespace stagecraft::grammar
