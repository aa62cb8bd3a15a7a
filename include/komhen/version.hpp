#pragma once

#include <string_view>

/// Three versions that change for different reasons: the library, the C ABI (its SONAME, in CMakeLists.txt),
/// and the method that the figures follow.
namespace komhen {

/// The library's own version.
inline constexpr std::string_view kVersion = "0.1.0";

/// The method and the edition of its task list: KL's KOMHEN 2.0 with the 35 mandatory tasks of spring 2012.
inline constexpr std::string_view kMethodEdition = "KOMHEN 2.0 (35 tasks, 2012)";

/// Number of the taxonomy (channels, types, directions, closures, forms). Values are only ever added at the
/// end, so a taxonomy with a lower number is a prefix of one with a higher number, and their cubes merge.
inline constexpr unsigned kTaxonomyVersion = 1;

}  // namespace komhen
