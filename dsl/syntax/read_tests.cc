#include "dsl/syntax/apart_read.h"

namespace stagecraft::grammar {

template bool ReadApart<test_declaration>(Input&, Builder&);

}  // namespace stagecraft::grammar
