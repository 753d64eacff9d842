# Installs nabla, moves the installed tree, and builds a small project against it in the three ways users do. (The install rules are
# those of this build, so these tests need it built whole.)
set(install_work "${CMAKE_CURRENT_BINARY_DIR}/install")
set(install_moved "${install_work}/moved/nabla")
set(consumer "${CMAKE_CURRENT_SOURCE_DIR}/install/consumer")

add_test(NAME "install/the tree installs and can be moved"
         COMMAND ${CMAKE_COMMAND} -D "BUILD=${PROJECT_BINARY_DIR}" -D "FIRST=${install_work}/first" -D "MOVED=${install_moved}"
                 -P "${CMAKE_CURRENT_SOURCE_DIR}/install/install_and_move.cmake")
set_tests_properties("install/the tree installs and can be moved" PROPERTIES FIXTURES_SETUP installed_tree)

set(build_consumer --build-generator "${CMAKE_GENERATOR}" --build-options
    "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}")
add_test(NAME "install/a CMake project finds the moved package"
         COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test "${consumer}" "${install_work}/find_package" ${build_consumer}
                 "-DCMAKE_PREFIX_PATH=${install_moved}" --test-command consumer)
add_test(NAME "install/pkg-config and a plain compiler are enough"
         COMMAND ${CMAKE_COMMAND} -D "PREFIX=${install_moved}" -D "LIBDIR=${CMAKE_INSTALL_LIBDIR}" -D "CXX=${CMAKE_CXX_COMPILER}"
                 -D "SOURCE=${consumer}/main.cpp" -D "WORK=${install_work}/pkg_config"
                 -P "${CMAKE_CURRENT_SOURCE_DIR}/install/build_with_pkg_config.cmake")
set_tests_properties("install/a CMake project finds the moved package"
                     "install/pkg-config and a plain compiler are enough" PROPERTIES FIXTURES_REQUIRED installed_tree)
set(install_tests "install/the tree installs and can be moved" "install/a CMake project finds the moved package"
                  "install/pkg-config and a plain compiler are enough"
                  "install/a project adds nabla as a subdirectory and keeps its own settings")
if(NABLA_BUILD_APP)
  add_test(NAME "install/the program runs from the moved tree"
           COMMAND "${install_moved}/${CMAKE_INSTALL_BINDIR}/nabla" --help)
  set_tests_properties("install/the program runs from the moved tree" PROPERTIES FIXTURES_REQUIRED installed_tree)
  list(APPEND install_tests "install/the program runs from the moved tree")
endif()

add_test(NAME "install/a project adds nabla as a subdirectory and keeps its own settings"
         COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test "${consumer}" "${install_work}/add_subdirectory" ${build_consumer}
                 "-DNABLA_TREE=${PROJECT_SOURCE_DIR}" --build-target consumer --test-command consumer)
set_tests_properties("install/a project adds nabla as a subdirectory and keeps its own settings"
                     PROPERTIES PROCESSORS 2)  # it builds the library once more
set_tests_properties(${install_tests} PROPERTIES LABELS install TIMEOUT 1200)
