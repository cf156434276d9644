// Letters that are seen as blanks, or not at all.
#ifndef STAGECRAFT_DSL_SUPPORT_SIGNS_H_
#define STAGECRAFT_DSL_SUPPORT_SIGNS_H_

namespace stagecraft {

// Blanks beyond ASCII: no-break and thin spaces, the ideographic space.
bool IsWideBlank(char32_t letter);
// Signs that are not shown: of zero width, of writing direction, form feeds.
bool IsInvisible(char32_t letter);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_SIGNS_H_
