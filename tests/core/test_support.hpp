#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/csv.hpp"
#include "komhen/registration/registration.hpp"

/// What several tests need; nothing of the method.
namespace test {

/// Lines of text that a failing test shows.
struct Lines : std::vector<std::string> {
  using std::vector<std::string>::vector;
  friend std::ostream& operator<<(std::ostream& out, const Lines& lines) {
    for (const std::string& line : lines) out << "\n    " << line;
    return out;
  }
};

/// A directory of its own that is gone afterwards.
class Folder {
 public:
  Folder() : path_{std::filesystem::temp_directory_path() / "komhen-test-XXXXXX"} {
    std::string name = path_.string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no directory for the test"};
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  /// Writes a file and gives its path.
  [[nodiscard]] std::string file(std::string_view name, std::string_view bytes) const {
    std::ofstream{path_ / name, std::ios::binary}.write(bytes.data(),
                                                        static_cast<std::streamsize>(bytes.size()));
    return *this / name;
  }
  /// The names in it, sorted.
  [[nodiscard]] Lines names() const {
    Lines out;
    for (const auto& entry : std::filesystem::directory_iterator{path_})
      out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Gives `bytes` in pieces of at most `piece`. They must outlive it.
inline komhen::ByteSource source(std::string_view bytes, std::size_t piece = std::size_t{1} << 30U) {
  return [bytes, piece](char* into, std::size_t room) mutable {
    const std::size_t got = std::min({room, piece, bytes.size()});
    if (got != 0) std::memcpy(into, bytes.data(), got);
    bytes.remove_prefix(got);
    return got;
  };
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// What a call was refused with.
struct Refusal {
  komhen::ErrorKind kind;
  std::string sentence;

  /// Whether the sentence holds all of these, and is one line.
  [[nodiscard]] bool names(std::initializer_list<std::string_view> parts) const {
    return sentence.find('\n') == std::string::npos &&
           std::ranges::all_of(parts, [&](auto part) { return sentence.find(part) != std::string::npos; });
  }
};

inline std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << '(' << static_cast<int>(refusal.kind) << ") " << refusal.sentence;
}

/// The refusal of a call; nullopt when it went through.
inline std::optional<Refusal> refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const komhen::Error& error) {
    return Refusal{error.kind(), error.what()};
  }
  return std::nullopt;
}

/// A move in Herning, by telephone; tests change what they are about.
inline komhen::Registration contact() {
  using namespace komhen;
  return {*Municipality::from_code(657),
          "2012-W17"_week,
          "23.05.10"_kle,
          Channel::telephone,
          ContactType::new_case,
          Direction::incoming,
          Closure::not_stated,
          AttachedForm::not_stated,
          "",
          "",
          1};
}

/// A Query whose fields can be named one by one, the rest left out.
struct Ask {
  komhen::Measure measure = komhen::Measure::contacts;
  std::vector<komhen::Dimension> by = {};
  std::vector<komhen::Filter> filters = {};
  komhen::TaskSet tasks = {};
  std::string basis = "application";
  std::optional<komhen::DigitalSet> set = std::nullopt;
  std::optional<komhen::Scheme> scheme = std::nullopt;
  bool raw = false;

  operator komhen::Query() const { return {measure, by, filters, tasks, basis, set, scheme, raw}; }
};

inline komhen::MeasureTable measured(const komhen::Cube& cube, const Ask& ask) {
  return komhen::measure(cube, ask);
}

}  // namespace test

/// Checks that a call is refused with this kind, in one sentence that names these things.
#define CHECK_REFUSED(call, wanted, ...)                        \
  do {                                                          \
    const auto refusal_ = test::refusal([&] { (void)(call); }); \
    REQUIRE_MESSAGE(refusal_, "the call went through: " #call); \
    INFO(refusal_->sentence);                                   \
    CHECK(refusal_->kind == komhen::ErrorKind::wanted);         \
    CHECK(refusal_->names({__VA_ARGS__}));                      \
  } while (false)
