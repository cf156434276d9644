# The target stagecraft::client: the library, the generated stubs of stagecraft.v1, and gRPC.
include(CMakeFindDependencyMacro)
find_dependency(Protobuf MODULE)
find_dependency(gRPC CONFIG)

get_filename_component(stagecraft_client_prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
foreach(name proto client)
  if(NOT TARGET stagecraft::${name})
    add_library(stagecraft::${name} STATIC IMPORTED)
    set_target_properties(stagecraft::${name} PROPERTIES
      IMPORTED_LOCATION ${stagecraft_client_prefix}/lib/libstagecraft_${name}.a
      INTERFACE_INCLUDE_DIRECTORIES ${stagecraft_client_prefix}/include/stagecraft_client)
  endif()
endforeach()
set_property(TARGET stagecraft::proto PROPERTY INTERFACE_LINK_LIBRARIES gRPC::grpc++ protobuf::libprotobuf)
set_property(TARGET stagecraft::client PROPERTY INTERFACE_LINK_LIBRARIES stagecraft::proto)
