// What happened in a test, for people.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_STORY_H_
#define STAGECRAFT_RUNTIME_SCENARIO_STORY_H_

#include <vector>

#include "runtime/scenario/scenario.h"
#include "runtime/scenario/test_world.h"

namespace stagecraft::runtime {

// What happened last, oldest first: as much as kHappeningsMax and kStoryBytesMax allow.
std::vector<Happening> TellStory(const Prepared& prepared, const TestWorld& world);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_STORY_H_
