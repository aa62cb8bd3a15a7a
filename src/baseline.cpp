#include "komhen/measure/baseline.hpp"

#include <algorithm>
#include <charconv>

#include "komhen/registration/personal_data.hpp"
#include "posix_file.hpp"
#include "sha256.hpp"

/// The baseline file:
///     komhen baseline 1
///     date 2012-05-13
///     scheme kl-2012
///     tasks udk-2012                 the set's name
///     only 32.03.04 32.03.08 ...     or `all`
///     cube 1234                      then so many bytes of a saved cube, and a line end
///     sha256 <64 digits>             of everything before this line
namespace komhen {
namespace {

using detail::quoted;

constexpr std::string_view kMagic = "komhen baseline 1\n";
constexpr std::string_view kSeal = "sha256 ";
constexpr std::size_t kSealBytes = 7 + 64 + 1;
constexpr std::size_t kMostBytes = std::size_t{64} << 30U;

bool is_of(const TaskSet& tasks, KleNumber task) {
  return !tasks.only || std::ranges::binary_search(*tasks.only, task);
}

std::string unsealed_bytes(const Baseline& baseline) {
  std::string out{kMagic};
  out += "date " + date_text(baseline.date) + "\nscheme " + std::string{token(baseline.scheme)} + "\ntasks " +
         baseline.tasks.name + "\nonly";
  if (baseline.tasks.only)
    for (const KleNumber task : *baseline.tasks.only) out += " " + task.text();
  else
    out += " all";
  const std::string cube = serialised(baseline.cube);
  return out + "\ncube " + std::to_string(cube.size()) + "\n" + cube + "\n";
}

/// Reads the head line by line, and says what is wrong with it.
class Head {
 public:
  Head(std::string_view bytes, std::string_view name) : rest_{bytes}, name_{name} {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::format, "the baseline " + quoted(name_) + " " + what);
  }
  std::string_view value(std::string_view key) {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    if (end == std::string_view::npos || !line.starts_with(key) || line.size() <= key.size() ||
        line[key.size()] != ' ')
      refuse("has no line " + std::string{key} + " where it must stand");
    rest_.remove_prefix(end + 1);
    return line.substr(key.size() + 1);
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
  std::string_view name_;
};

}  // namespace

Baseline freeze(const Cube& cube, const TaskSet& tasks, Scheme scheme, Date date) {
  // What the file's lines could not give back.
  if (detail::shown(tasks.name) != tasks.name)
    throw Error(ErrorKind::argument, "the task set " + quoted(tasks.name) +
                                         " has a name with letters that are not shown, such as a line end");
  if (tasks.only && !std::ranges::is_sorted(*tasks.only))
    throw Error(ErrorKind::argument, "the tasks of the set " + quoted(tasks.name) + " are not sorted");
  Baseline out{cube.filtered([&](const Registration& cell) { return is_of(tasks, cell.task); }), tasks,
               scheme, date, ""};
  if (out.cube.empty())
    throw Error(ErrorKind::argument, "the cube has no contact on the tasks " + quoted(tasks.name) +
                                         ", so there is nothing to freeze");
  std::optional<Week> last;
  out.cube.for_each([&](const Registration& cell) { last = last ? std::max(*last, cell.week) : cell.week; });
  if (date < last->monday())
    throw Error(ErrorKind::argument, "a baseline cannot be frozen on " + date_text(date) +
                                         ", before contacts that it holds were counted, in " + last->text());
  out.fingerprint = detail::sha256(unsealed_bytes(out));
  return out;
}

std::string baseline_bytes(const Baseline& baseline) {
  std::string out = unsealed_bytes(baseline);
  const std::string seal = detail::sha256(out);
  return out + std::string{kSeal} + seal + "\n";
}

Baseline parse_baseline(std::string_view bytes, std::string_view name) {
  Head head{bytes, name};
  if (!bytes.starts_with(kMagic)) head.refuse("does not begin like a baseline");
  if (bytes.size() < kMagic.size() + kSealBytes) head.refuse("is cut short");
  const std::string_view sealed = bytes.substr(0, bytes.size() - kSealBytes);
  const std::string seal = detail::sha256(sealed);
  if (bytes.substr(sealed.size()) != std::string{kSeal} + seal + "\n")
    head.refuse("is cut short or was altered: its checksum does not fit");
  Baseline out;
  head = Head{sealed.substr(kMagic.size()), name};
  const auto date = parse_date(head.value("date"));
  const auto scheme = from_text<Scheme>(head.value("scheme"));
  if (!date || !scheme) head.refuse("holds a date or scheme that this version does not know");
  out.date = *date;
  out.scheme = *scheme;
  out.tasks.name = head.value("tasks");
  std::string_view only = head.value("only");
  if (only != "all") {
    out.tasks.only.emplace();
    while (!only.empty()) {
      const auto task = KleNumber::parse(only.substr(0, 8));
      if (!task || (only.size() > 8 && only[8] != ' ')) head.refuse("holds what is no KLE number");
      out.tasks.only->push_back(*task);
      only.remove_prefix(std::min<std::size_t>(9, only.size()));
    }
    if (!std::ranges::is_sorted(*out.tasks.only)) head.refuse("holds tasks out of their order");
  }
  const std::string_view size = head.value("cube");
  std::size_t length = 0;
  const auto read = std::from_chars(size.data(), size.data() + size.size(), length);
  if (read.ptr != size.data() + size.size() || head.rest().size() != length + 1 ||
      !head.rest().ends_with('\n'))
    head.refuse("holds a cube of another length than it says");
  out.cube = deserialised(head.rest().substr(0, length), name);
  out.fingerprint = seal;
  return out;
}

void save_baseline(const Baseline& baseline, const std::string& path) {
  detail::OutputFile file{path};
  file.write(baseline_bytes(baseline));
  file.keep();
}

Baseline load_baseline(const std::string& path) {
  return parse_baseline(detail::read_file(path, kMostBytes), path);
}

}  // namespace komhen
