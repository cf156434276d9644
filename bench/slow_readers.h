// Clients that ask to be told of everything, and take nothing.
#ifndef STAGECRAFT_BENCH_SLOW_READERS_H_
#define STAGECRAFT_BENCH_SLOW_READERS_H_

#include <string>

namespace stagecraft::bench {

// Opens `count` streams of WatchChanges and reads nothing of them until the server has cut them all off; then prints how long that took.
// Dies when one ended otherwise than by READER_TOO_SLOW or, where not even that was taken, by being reset. `opened`: a file that is made
// when all are open.
int SlowReaders(const std::string& server, int count, const std::string& opened);

}  // namespace stagecraft::bench

#endif  // STAGECRAFT_BENCH_SLOW_READERS_H_
