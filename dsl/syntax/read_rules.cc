#include "dsl/syntax/apart_read.h"

namespace stagecraft::grammar {

template bool LookApart<declaration_shape>(Input&, Builder&);
template bool LookApart<sentence_ahead>(Input&, Builder&);
template bool LookApart<comparator_ahead>(Input&, Builder&);
template bool ReadApart<rule>(Input&, Builder&);
template bool ReadApart<sequence_declaration>(Input&, Builder&);

}  // namespace stagecraft::grammar
