# The installed package: headers under include/nabla, a relocatable CMake package, a relocatable pkg-config file, the program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/nabla")
get_property(targets GLOBAL PROPERTY NABLA_INSTALLED_TARGETS)
foreach(target IN LISTS targets)
  target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()

install(TARGETS ${targets} EXPORT nablaTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY ops graph engine proofs DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/nabla"
        FILES_MATCHING PATTERN "*.hpp" REGEX "engine/nabla\\.hpp$" EXCLUDE)
install(FILES engine/nabla.hpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/nabla")
if(NABLA_BUILD_APP)
  install(TARGETS nabla_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

install(EXPORT nablaTargets NAMESPACE nabla:: DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES cmake/nablaConfig.cmake cmake/nablaLibraries.cmake "${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake"
        DESTINATION "${package_dir}")

# pkg-config: the prefix is computed from where the file stands, so that the installed tree may be moved.
set(pc_dir "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "${pc_dir}" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
file(RELATIVE_PATH pc_libdir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_LIBDIR}")
file(RELATIVE_PATH pc_includedir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
set(pc_libs "")
foreach(library IN ITEMS arb flint)  # Debian ships no pkg-config file for these two
  cmake_path(GET NABLA_${library}_LIBRARY STEM LAST_ONLY stem)
  string(REGEX REPLACE "^lib" "-l" flag "${stem}")
  string(APPEND pc_libs " ${flag}")
endforeach()
configure_file(cmake/nabla.pc.in "${PROJECT_BINARY_DIR}/nabla.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/nabla.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
