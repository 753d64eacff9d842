# What nabla needs from elsewhere: one row a library, with the Debian package that has it. This file is installed beside
# nablaConfig.cmake, so that the build and every user of the installed package search in the same way.

# nabla_find_package(MISSING name version package): find_package, and a line in the list MISSING if it fails.
function(nabla_find_package missing name version package)
  find_package(${name} ${version} QUIET)
  if(NOT ${name}_FOUND)
    list(APPEND ${missing} "${package}")
    set(${missing} "${${missing}}" PARENT_SCOPE)
  endif()
endfunction()

# nabla_find_c_library(MISSING name package HEADERS ... NAMES ... [NEEDS ...]): for libraries that ship neither a CMake package nor,
# on Debian, a pkg-config file. Creates the imported target nabla::name; the first header found decides the include directory.
function(nabla_find_c_library missing name package)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "HEADERS;NAMES;NEEDS")
  find_path(NABLA_${name}_INCLUDE_DIR NAMES ${arg_HEADERS})
  find_library(NABLA_${name}_LIBRARY NAMES ${arg_NAMES})
  mark_as_advanced(NABLA_${name}_INCLUDE_DIR NABLA_${name}_LIBRARY)
  if(NOT NABLA_${name}_INCLUDE_DIR OR NOT NABLA_${name}_LIBRARY)
    list(APPEND ${missing} "${package}")
    set(${missing} "${${missing}}" PARENT_SCOPE)
  elseif(NOT TARGET nabla::${name})
    add_library(nabla::${name} UNKNOWN IMPORTED)
    set_target_properties(nabla::${name} PROPERTIES
      IMPORTED_LOCATION "${NABLA_${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${NABLA_${name}_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES "${arg_NEEDS}")
  endif()
endfunction()

# What programs that use nabla link as well. Arb and Calcium are libraries of their own in Debian 12 and part of FLINT 3 later.
set(nabla_missing "")
nabla_find_package(nabla_missing Boost 1.81 libboost1.81-dev)
nabla_find_package(nabla_missing fmt 9 libfmt-dev)
nabla_find_package(nabla_missing TBB 2021 libtbb-dev)
nabla_find_c_library(nabla_missing zlib zlib1g-dev HEADERS zlib.h NAMES z)
nabla_find_c_library(nabla_missing gmp libgmp-dev HEADERS gmp.h NAMES gmp)
nabla_find_c_library(nabla_missing mpfr libmpfr-dev HEADERS mpfr.h NAMES mpfr NEEDS nabla::gmp)
nabla_find_c_library(nabla_missing flint libflint-dev HEADERS flint/flint.h NAMES flint NEEDS nabla::mpfr)
nabla_find_c_library(nabla_missing arb libflint-arb-dev
  HEADERS arb.h flint/arb.h NAMES flint-arb arb flint NEEDS nabla::flint)
nabla_find_c_library(nabla_missing calcium "libcalcium-dev libantic-dev"
  HEADERS calcium/ca.h flint/ca.h NAMES calcium flint NEEDS nabla::arb)
