#pragma once

#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "komhen.h"
#include "komhen/error.hpp"
#include "posix_file.hpp"

/// The one door between C and the core: no exception and no cancellation leaves or enters it, errno stays as
/// it was, and what comes in is looked at before it is used.
namespace komhen::capi {

/// No struct of any version is larger; a `struct_size` above it is a pointer or an accident.
inline constexpr std::uint32_t kLargestStruct = 65'536;

/// An argument that the call cannot use.
[[noreturn]] inline void refuse(const std::string& sentence) {
  throw Error(ErrorKind::argument, sentence);
}

/// A handle, array or out-parameter that must be there.
template <class T>
T& there(T* pointer, const char* name) {
  if (pointer == nullptr) refuse(std::string{name} + " is NULL");
  return *pointer;
}

/// More bytes than any process can address; a size above it is an accident, and reading so far a crash.
inline constexpr std::int64_t kLargestText = std::int64_t{1} << 47;

/// Text as it comes in: NULL is the empty text if its size is 0.
[[nodiscard]] inline std::string_view text(const char* data, std::int64_t size, const char* name) {
  if (size < 0) refuse(std::string{name} + " has a negative size");
  if (data == nullptr && size > 0) refuse(std::string{name} + " is NULL and its size is not 0");
  if (size > kLargestText) refuse(std::string{name} + " has a size that no memory holds");
  return data == nullptr ? std::string_view{} : std::string_view{data, static_cast<std::size_t>(size)};
}

/// An array of texts, or of paths.
[[nodiscard]] inline std::vector<std::string_view> texts_of(const char* const* data,
                                                            const std::int64_t* sizes, std::int64_t count,
                                                            const char* name) {
  if (count < 0) refuse(std::string{name} + " has a negative count");
  if (count > 0) {
    static_cast<void>(there(data, name));
    static_cast<void>(there(sizes, (std::string{name} + "_sizes").c_str()));
  }
  std::vector<std::string_view> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(text(data[i], sizes[i], name));
  return out;
}

/// A path. It holds no NUL, which the file room sees to, and is not empty.
[[nodiscard]] inline std::string path(const char* data, std::int64_t size, const char* name) {
  const std::string_view out = text(data, size, name);
  if (out.empty()) refuse(std::string{name} + " is empty");
  return std::string{out};
}

/// The size of a public struct in the first release: fields that came later may not be there.
template <class T>
inline constexpr std::size_t kFirstSize = sizeof(T);
template <>
inline constexpr std::size_t kFirstSize<komhen_count_options> = 96;

/// Whether a public struct says a size that it can have: not smaller than the first release's, a whole number
/// of its alignment (arrays of it lie that far apart), and, where the caller's struct is newer than this
/// library, with nothing in what this library does not know.
template <class T>
[[nodiscard]] bool is_known_struct(const T& given) noexcept {
  const std::uint32_t size = given.struct_size;
  if (size < kFirstSize<T> || size > kLargestStruct || size % alignof(T) != 0) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&given);
  for (std::size_t i = sizeof(T); i < size; ++i)
    if (bytes[i] != 0) return false;
  return true;
}

template <class T>
const T& known(const T* given, const char* name) {
  const T& out = there(given, name);
  if (!is_known_struct(out))
    refuse(std::string{name} + " has the struct_size " + std::to_string(out.struct_size) +
           ", or fields that this version does not know; set struct_size to sizeof and the rest to 0");
  return out;
}
template <class T>
T& known(T* given, const char* name) {
  return const_cast<T&>(known(static_cast<const T*>(given), name));
}

/// Empties a struct that is filled, on the way in: a failed call leaves no old figures in it.
template <class T>
void clear(T* filled) noexcept {
  if (filled == nullptr || !is_known_struct(*filled)) return;
  const std::uint32_t size = filled->struct_size;
  *filled = T{};
  filled->struct_size = size;
}

/// Writes what went wrong, cut between two characters; gives the status.
inline komhen_status report(komhen_error* err, komhen_status status, std::string_view sentence,
                            std::int64_t line = 0, std::int64_t column = 0) noexcept {
  if (err == nullptr) return status;
  err->status = status;
  err->line = line;
  err->column = column;
  std::size_t size = sentence.size();
  if (size >= sizeof err->message) {
    size = sizeof err->message - 1;
    while (size > 0 && (static_cast<unsigned char>(sentence[size]) & 0xC0U) == 0x80U) --size;
  }
  std::memcpy(err->message, sentence.data(), size);
  err->message[size] = '\0';
  return status;
}

/// Runs `body`, which throws or is done.
template <class Body>
komhen_status guarded(komhen_error* err, Body&& body) noexcept {
  if (err != nullptr && !is_known_struct(*err)) return KOMHEN_E_ARGUMENT;
  const int errno_before = errno;
  const detail::CancellationHeld held;
  komhen_status status = KOMHEN_OK;
  try {
    body();
    report(err, KOMHEN_OK, "");
  } catch (const Error& error) {
    status =
        report(err, static_cast<komhen_status>(error.kind()), error.what(), error.line(), error.column());
  } catch (const std::bad_alloc&) {
    status = report(err, KOMHEN_E_MEMORY, "memory ran out");
  } catch (const std::length_error&) {
    status = report(err, KOMHEN_E_MEMORY, "memory ran out");
  } catch (const std::exception& error) {
    status = report(err, KOMHEN_E_FAILED, error.what());
  } catch (...) {
    status = report(err, KOMHEN_E_FAILED, "something failed that has no name");
  }
  errno = errno_before;
  return status;
}

/// Runs `make`, which gives a new handle, and puts it into `out`; `out` is NULL when that fails.
template <class Handle, class Make>
komhen_status making(Handle** out, komhen_error* err, Make&& make) noexcept {
  if (out != nullptr) *out = nullptr;
  return guarded(err, [&] {
    Handle*& place = there(out, "out");  // first: what has no place is not made
    place = make();
  });
}

/// Runs a look-up that cannot fail but might throw; `otherwise` is what it then gives.
template <class T, class Body>
T looked_up(T otherwise, Body&& body) noexcept {
  const int errno_before = errno;
  const detail::CancellationHeld held;
  try {
    otherwise = body();
  } catch (...) {  // memory ran out: there is no answer
  }
  errno = errno_before;
  return otherwise;
}

/// Frees a handle. Destructors do not throw.
template <class Handle>
void freeing(Handle* handle) noexcept {
  const int errno_before = errno;
  const detail::CancellationHeld held;
  delete handle;
  errno = errno_before;
}

}  // namespace komhen::capi
