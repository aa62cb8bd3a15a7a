#include <array>
#include <map>

#include "crc64.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/tally/cube.hpp"
#include "komhen/version.hpp"
#include "posix_file.hpp"

/// The cube file, little-endian:
///     magic (8), format version u32, taxonomy version u32,
///     rounds: n u32, each: id, scheme u8, weeks, package (closed u8, tasks), rules
///     texts: n u32, each: length u32, bytes; sorted, without repeats
///     cells: n u64, each 29 bytes, sorted by their dimensions
///     CRC-64 of all before it
/// Equal cubes give equal bytes, so files can be compared and signed.
namespace komhen {
namespace {

constexpr std::string_view kMagic{"\x89KOMHEN\n", 8};
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kMostBytes = std::size_t{64} << 30U;

class Writer {
 public:
  template <class T>
  void number(T value) {
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, rest >>= 8U) bytes_ += static_cast<char>(rest & 0xFFU);
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.append(value);
  }
  template <class Range, class Each>
  void list(const Range& range, Each&& each) {
    number(static_cast<std::uint32_t>(range.size()));
    for (const auto& item : range) each(item);
  }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }
  [[nodiscard]] std::string_view so_far() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view name) : rest_{bytes}, name_{name} {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::format, "the cube " + detail::quoted(name_) + " " + what);
  }
  /// For what a correct checksum has let through all the same.
  template <class T>
  T sound(std::optional<T> value) const {
    if (!value) refuse("holds a value that this version does not know");
    return *value;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) refuse("is shorter than it says");
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  template <class T>
  T number() {
    std::uint64_t value = 0;
    const std::string_view bytes = take(sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return static_cast<T>(value);
  }
  std::string_view text() { return take(number<std::uint32_t>()); }
  template <class Each>
  void list(Each&& each) {
    for (auto left = number<std::uint32_t>(); left > 0; --left) each();
  }
  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

 private:
  std::string_view rest_;
  std::string_view name_;
};

void write_weeks(Writer& out, const std::vector<Week>& weeks) {
  out.list(weeks, [&](Week week) { out.number(week.index()); });
}
void write_tasks(Writer& out, const std::vector<KleNumber>& tasks) {
  out.list(tasks, [&](KleNumber task) { out.number(task.digits()); });
}

std::vector<Week> read_weeks(Reader& in) {
  std::vector<Week> weeks;
  in.list([&] { weeks.push_back(in.sound(Week::from_index(in.number<std::uint16_t>()))); });
  return weeks;
}
std::vector<KleNumber> read_tasks(Reader& in) {
  std::vector<KleNumber> tasks;
  in.list([&] { tasks.push_back(in.sound(KleNumber::from_digits(in.number<std::uint32_t>()))); });
  return tasks;
}
template <class E>
E read_word(Reader& in) {
  return in.sound(from_number<E>(in.number<std::uint8_t>()));
}

void write_round(Writer& out, const Round& round) {
  out.text(round.id);
  out.number(static_cast<std::uint8_t>(round.scheme));
  write_weeks(out, round.weeks);
  out.number(static_cast<std::uint8_t>(round.package.is_open() ? 0 : 1));
  write_tasks(out, round.package.tasks());
  out.list(round.rules, [&](const Reclassification& rule) {
    out.text(rule.source);
    write_tasks(out, rule.tasks);
    out.number(static_cast<std::uint8_t>(rule.from));
    out.number(static_cast<std::uint8_t>(rule.to));
    write_weeks(out, rule.weeks);
  });
}

Round read_round(Reader& in) {
  Round round;
  round.id = in.text();
  round.scheme = read_word<Scheme>(in);
  round.weeks = read_weeks(in);
  const bool closed = in.number<std::uint8_t>() != 0;
  auto tasks = read_tasks(in);
  if (closed) round.package = Package{std::move(tasks)};
  in.list([&] {
    Reclassification rule{std::string{in.text()}, read_tasks(in), read_word<ContactType>(in),
                          read_word<ContactType>(in), read_weeks(in)};
    round.rules.push_back(std::move(rule));
  });
  return round;
}

}  // namespace

std::string serialised(const Cube& cube) {
  const auto cells = cube.cells();
  std::map<std::string_view, std::uint32_t> texts;
  for (const Registration& cell : cells) {
    texts.emplace(cell.source, 0);
    texts.emplace(cell.unit, 0);
  }
  Writer out;
  for (const char c : kMagic) out.number(static_cast<std::uint8_t>(c));
  out.number(kFormat);
  out.number(static_cast<std::uint32_t>(kTaxonomyVersion));
  out.list(cube.rounds(), [&](const Round& round) { write_round(out, round); });
  std::uint32_t next = 0;
  out.list(texts, [&](auto& text) { out.text(text.first); });
  for (auto& [text, number] : texts) number = next++;
  out.number(static_cast<std::uint64_t>(cells.size()));
  for (const Registration& cell : cells) {
    out.number(cell.municipality.code());
    out.number(cell.week.index());
    out.number(cell.task.digits());
    out.number(static_cast<std::uint8_t>(cell.channel));
    out.number(static_cast<std::uint8_t>(cell.type));
    out.number(static_cast<std::uint8_t>(cell.direction));
    out.number(static_cast<std::uint8_t>(cell.closure));
    out.number(static_cast<std::uint8_t>(cell.form));
    out.number(texts.at(cell.source));
    out.number(texts.at(cell.unit));
    out.number(cell.count);
  }
  out.number(detail::crc64(out.so_far()));
  return std::move(out).take();
}

Cube deserialised(std::string_view bytes, std::string_view name) {
  Reader in{bytes, name};
  if (!bytes.starts_with(kMagic)) in.refuse("does not begin like a saved cube");
  in.take(kMagic.size());
  if (bytes.size() < kMagic.size() + 16) in.refuse("is cut short");
  const auto format = in.number<std::uint32_t>();
  if (format > kFormat) in.refuse("was written by a newer komhen (format " + std::to_string(format) + ")");
  Reader tail{bytes.substr(bytes.size() - 8), name};
  if (tail.number<std::uint64_t>() != detail::crc64(bytes.substr(0, bytes.size() - 8)))
    in.refuse("is cut short or was altered: its checksum does not fit");
  const auto taxonomy = in.number<std::uint32_t>();
  if (taxonomy > kTaxonomyVersion)
    in.refuse("was counted with a newer taxonomy (" + std::to_string(taxonomy) + ", this one is " +
              std::to_string(kTaxonomyVersion) + ")");
  Cube cube;
  const auto held = [&](const auto& action) {  // what a right checksum has let through all the same
    try {
      action();
    } catch (const Error& error) {
      in.refuse(std::string{"holds what cannot be: "} + error.what());
    }
  };
  in.list([&] {
    const Round round = read_round(in);
    held([&] { cube.note_round(round); });
  });
  std::vector<std::string_view> texts;
  in.list([&] { texts.push_back(in.text()); });
  const auto text = [&] {
    const auto number = in.number<std::uint32_t>();
    if (number >= texts.size()) in.refuse("names a text that it does not hold");
    return texts[number];
  };
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    const Registration cell{in.sound(Municipality::from_code(in.number<std::uint16_t>())),
                            in.sound(Week::from_index(in.number<std::uint16_t>())),
                            in.sound(KleNumber::from_digits(in.number<std::uint32_t>())),
                            read_word<Channel>(in),
                            read_word<ContactType>(in),
                            read_word<Direction>(in),
                            read_word<Closure>(in),
                            read_word<AttachedForm>(in),
                            text(),
                            text(),
                            in.number<std::int64_t>()};
    held([&] { cube.add(cell); });
  }
  if (in.left() != 8) in.refuse("is longer than it says");
  return cube;
}

void save_cube(const Cube& cube, const std::string& path) {
  detail::OutputFile file{path};
  file.write(serialised(cube));
  file.keep();
}

Cube load_cube(const std::string& path) {
  return deserialised(detail::read_file(path, kMostBytes), path);
}

bool is_cube_file(const std::string& path) {
  std::array<char, 8> head{};
  detail::InputFile file{path};
  std::size_t had = 0;
  while (had < head.size()) {
    const std::size_t got =
        file.read_at(static_cast<std::int64_t>(had), head.data() + had, head.size() - had);
    if (got == 0) break;
    had += got;
  }
  return std::string_view{head.data(), had} == kMagic;
}

}  // namespace komhen
