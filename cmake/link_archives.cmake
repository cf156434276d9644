# Debian's CMake files of gRPC, Protocol Buffers and Abseil name shared libraries, some 60 of them, and finding their symbols is most of
# what starting the program takes (13 ms of a `check`, against 4 ms). Their archives are in the same packages: this links those instead.
# What gets security updates of its own (OpenSSL, zlib, c-ares) stays shared.

# Makes each imported shared library that `target` needs, itself included, its archive, where there is one.
function(stagecraft_link_archives target)
  if(target MATCHES "^(OpenSSL|ZLIB|c-ares)::")
    return()
  endif()
  get_target_property(seen ${target} STAGECRAFT_ARCHIVE)
  if(seen)
    return()
  endif()
  set_target_properties(${target} PROPERTIES STAGECRAFT_ARCHIVE TRUE)
  # FindProtobuf sets the first or the second, Debian's exports the third.
  foreach(property IMPORTED_LOCATION IMPORTED_LOCATION_RELEASE IMPORTED_LOCATION_NONE)
    get_target_property(shared ${target} ${property})
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive "${shared}")
    if(EXISTS ${archive})
      set_target_properties(${target} PROPERTIES ${property} ${archive})
    endif()
  endforeach()
  get_target_property(needs ${target} INTERFACE_LINK_LIBRARIES)
  foreach(need IN LISTS needs)
    if(TARGET ${need})
      stagecraft_link_archives(${need})
    endif()
  endforeach()
endfunction()
