#ifndef STAGECRAFT_RUNTIME_VERIFY_CONTACT_DIFFERENCE_H_
#define STAGECRAFT_RUNTIME_VERIFY_CONTACT_DIFFERENCE_H_

#include <string>

#include "runtime/model/contact.h"

namespace stagecraft::runtime {

// The first thing in which the two states of one contact differ, in words; empty: they are the same to the byte of Contact::Encode.
// `stored` is what the checkpoint and the journal's tail give, `folded` what the whole journal gives.
std::string DifferenceOf(const ir::Program& program, const Contact& stored, Contact folded);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_CONTACT_DIFFERENCE_H_
