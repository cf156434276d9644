# One function for every library of the house, so that warnings and include paths are the same everywhere.

add_library(stagecraft_options INTERFACE)
target_include_directories(stagecraft_options INTERFACE ${CMAKE_SOURCE_DIR})
# -Wno-restrict: gcc 12 gives a false alarm on "literal" + std::to_string(x).
target_compile_options(stagecraft_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(STAGECRAFT_SANITIZE)
  target_compile_options(stagecraft_options INTERFACE -fsanitize=${STAGECRAFT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(stagecraft_options INTERFACE -fsanitize=${STAGECRAFT_SANITIZE})
endif()
# What warns is gcc. Clang 14 cannot check calls by pointer (`function`) where there are coroutines.
if(STAGECRAFT_FUZZ)
  target_compile_options(stagecraft_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize=function -w)
endif()
if(STAGECRAFT_FAILPOINTS)
  target_compile_definitions(stagecraft_options INTERFACE STAGECRAFT_FAILPOINTS=1)
endif()

# stagecraft_library(<name> SOURCES <file…> [DEPENDS <target…>] [PRIVATE_DEPENDS <target…>])
# A folder's library. It links only what is named here, so a wrong include does not link (shared rule of the house).
function(stagecraft_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE stagecraft_options ${ARG_PRIVATE_DEPENDS})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()
