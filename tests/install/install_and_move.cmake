# cmake -D BUILD=... -D FIRST=... -D MOVED=... -P this: installs the build to FIRST, then moves it to MOVED.
file(REMOVE_RECURSE "${FIRST}" "${MOVED}")
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=DESTDIR ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${FIRST}"
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
cmake_path(GET MOVED PARENT_PATH parent)
file(MAKE_DIRECTORY "${parent}")
file(RENAME "${FIRST}" "${MOVED}")

# Text files of a relocatable package name neither the place it was installed to nor the tree it came from.
file(GLOB_RECURSE texts "${MOVED}/*.cmake" "${MOVED}/*.pc")
if(NOT texts)
  message(FATAL_ERROR "no CMake package was installed below ${MOVED}")
endif()
foreach(text IN LISTS texts)
  file(READ "${text}" content)
  foreach(path IN ITEMS "${FIRST}" "${BUILD}")
    string(FIND "${content}" "${path}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${text} contains the path ${path}")
    endif()
  endforeach()
endforeach()
