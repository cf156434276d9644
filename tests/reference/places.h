// The numbers that lowering gives: a split's way and `migrate` go by them.
#ifndef STAGECRAFT_TESTS_REFERENCE_PLACES_H_
#define STAGECRAFT_TESTS_REFERENCE_PLACES_H_

#include "dsl/ir/program.h"
#include "tests/reference/script.h"

namespace stagecraft::reference {

// Tells the reference where the splits and waits of its rules stand in the program.
void TakePlaces(const ir::Program& program, Script& script);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_PLACES_H_
