#include "dsl/syntax/apart_read.h"

namespace stagecraft::grammar {

template bool ReadApart<vocabulary_declaration>(Input&, Builder&);
template bool ReadApart<derived_declaration>(Input&, Builder&);

}  // namespace stagecraft::grammar
