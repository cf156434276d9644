// Ids for events and requests.
#ifndef STAGECRAFT_CLIENT_ID_H_
#define STAGECRAFT_CLIENT_ID_H_

#include <string>

namespace stagecraft::client {

// A random UUID (version 4). Any thread.
std::string NewId();

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_ID_H_
