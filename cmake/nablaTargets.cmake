# How nabla's own targets are made. Everything here is set on targets; a parent project sees none of it.

# Every include is written <nabla/graph/arena.hpp>, in the tree and after installation alike: links make the tree look installed.
set(nabla_include_dir "${PROJECT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${nabla_include_dir}/nabla")
foreach(folder IN ITEMS ops graph engine proofs app)
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}" "${nabla_include_dir}/nabla/${folder}" SYMBOLIC)
endforeach()
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/engine/nabla.hpp" "${nabla_include_dir}/nabla/nabla.hpp" SYMBOLIC)

function(nabla_own_options target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  if(PROJECT_IS_TOP_LEVEL)  # another project decides about warnings in its build
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion $<$<BOOL:${NABLA_WERROR}>:-Werror>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # False alarms of GCC 12: on "text" + std::string (bug 105651), and on loops over arrays of small structs that it
      # vectorises past their end in a branch that is never taken.
      target_compile_options(${target} PRIVATE -Wno-restrict -Wno-stringop-overflow)
    endif()
  endif()
endfunction()

# nabla_part(target part FOLDERS ...): the sources of target below these folders become a part of it that is compiled in its own
# way. Call it when target has its libraries.
function(nabla_part target part)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" FOLDERS)
  get_target_property(sources ${target} SOURCES)
  list(JOIN arg_FOLDERS "|" folders)
  set(own ${sources})
  list(FILTER own EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/(${folders})/")
  list(REMOVE_ITEM sources ${own})
  set_property(TARGET ${target} PROPERTY SOURCES ${own})
  add_library(${part} OBJECT ${sources})
  get_target_property(libraries ${target} LINK_LIBRARIES)
  target_link_libraries(${part} PRIVATE ${libraries})
  target_compile_features(${part} PRIVATE cxx_std_20)
  target_include_directories(${part} PRIVATE ${nabla_include_dir})
  nabla_own_options(${part})
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${part}>)
endfunction()

# nabla_together(target [BY_FOLDER] [ALONE FILE...]): sources that are many, and slow for the templates they share: the compiler
# sees sixteen at a time, BY_FOLDER up to 24 and those of one folder only, so that names in anonymous namespaces are unique there. ALONE are
# those that are long by themselves, or that specialise templates which others use.
function(nabla_together target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "BY_FOLDER" "" "ALONE")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${NABLA_TOGETHER} UNITY_BUILD_BATCH_SIZE 16)
  set_source_files_properties(${arg_ALONE} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(arg_BY_FOLDER)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
      file(RELATIVE_PATH group "${PROJECT_SOURCE_DIR}" "${source}")
      get_filename_component(group "${group}" DIRECTORY)
      string(MAKE_C_IDENTIFIER "${group}" group)
      math(EXPR ${group} "${${group}} + 1")
      math(EXPR part "(${${group}} - 1) / 24")
      set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP "${group}_${part}")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  endif()
endfunction()

# nabla_quick_to_compile(target HEADERS ... | HEADERS_OF target2): for sources that are slow for what they include and not for
# what they compute: these headers are compiled once, and Release optimises less (the arithmetic is in FLINT and in `nabla`:
# `nabla verify` takes the same time). At -O1 GCC takes an std::optional that is read after a look at it for uninitialised.
function(nabla_quick_to_compile target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADERS_OF" "HEADERS")
  if(arg_HEADERS_OF)
    target_precompile_headers(${target} REUSE_FROM ${arg_HEADERS_OF})
  else()
    target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  endif()
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE
      "$<$<CONFIG:Release>:-O1;$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>>")
  endif()
endfunction()

# nabla_optimise(LEVEL FILE...): for single files, what Release does instead. A compiled header is for one level only.
function(nabla_optimise level)
  if(PROJECT_IS_TOP_LEVEL)
    set_property(SOURCE ${ARGN} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:${level}>)
  endif()
endfunction()

# nabla_own_library(name FOLDERS ...): the static library of every .cpp below the folders, installed as nabla::name (nabla_claim as
# nabla::claim). A new file needs no change here.
function(nabla_own_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" FOLDERS)
  list(TRANSFORM arg_FOLDERS REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/\\1/*.cpp" OUTPUT_VARIABLE patterns)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
  add_library(${name} STATIC ${sources})
  string(REGEX REPLACE "^nabla_" "" short ${name})
  add_library(nabla::${short} ALIAS ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short})
  set_property(GLOBAL APPEND PROPERTY NABLA_INSTALLED_TARGETS ${name})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${nabla_include_dir}>)
  nabla_own_options(${name})
endfunction()

# nabla_own_executable(name LINK ... SOURCES ...)
function(nabla_own_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK;SOURCES")
  add_executable(${name} ${arg_SOURCES})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  nabla_own_options(${name})
endfunction()
