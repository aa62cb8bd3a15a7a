/// Cubes (5 of komhen.h).
#include <span>

#include "arrow_c_data.h"
#include "count.hpp"

namespace komhen::capi {
namespace {

/// Keeps a cube busy while a call that may call back is under way.
class AtWork {
 public:
  explicit AtWork(komhen_cube& cube) noexcept : cube_{cube} {
    cube_.at_work.store(true, std::memory_order_relaxed);
  }
  ~AtWork() { cube_.at_work.store(false, std::memory_order_relaxed); }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  komhen_cube& cube_;
};

/// A stream that was handed over: released when nobody further in has done it. It outlives the guard, which
/// may refuse `err` before anything else, and so guards the producer's code itself.
class HandedOver {
 public:
  explicit HandedOver(ArrowArrayStream* stream) noexcept : stream_{stream} {}
  ~HandedOver() {
    if (stream_ == nullptr || stream_->release == nullptr) return;
    const int errno_before = errno;
    const detail::CancellationHeld held;
    stream_->release(stream_);
    stream_->release = nullptr;
    errno = errno_before;
  }
  HandedOver(const HandedOver&) = delete;
  HandedOver& operator=(const HandedOver&) = delete;

 private:
  ArrowArrayStream* stream_;
};

/// Hands a rejected row to C: the text is the one of the dimension that failed.
void tell(const komhen_count_options& options, const Reject& reject) {
  komhen_reject out{};
  out.struct_size = sizeof out;
  out.reason = static_cast<std::int32_t>(reject.reason);
  out.line = reject.line;
  const std::string file = detail::shown(reject.file);
  out.file = file.c_str();
  out.file_size = static_cast<std::int64_t>(file.size());
  if (reject.column) {
    out.column = token(*reject.column).data();
    if (const auto& field = reject.fields[slot(*reject.column)]) {
      out.text = field->data() == nullptr ? "" : field->data();
      out.text_size = static_cast<std::int64_t>(field->size());
    }
  }
  options.on_reject(&out, options.on_reject_data);
}

CountOptions core_options(const komhen_count_options& options) {
  CountOptions out;
  out.round = round_of(options);
  out.participation = participation_of(options);
  if (options.profile != nullptr) out.profile = &options.profile->profile;
  if (options.encoding == KOMHEN_ENCODING_UTF8 || options.encoding == KOMHEN_ENCODING_WINDOWS1252)
    out.encoding = static_cast<Encoding>(options.encoding);
  else if (options.encoding != KOMHEN_ENCODING_ANY)
    refuse("options has the encoding " + std::to_string(options.encoding) + ", which there is not");
  out.threads = options.threads < 0 ? 0U : static_cast<unsigned>(std::max(options.threads, 1));
  out.rejects = text(options.rejects, options.rejects_size, "rejects");
  if (options.on_reject != nullptr) out.on_reject = [&](const Reject& reject) { tell(options, reject); };
  if (options.progress != nullptr)
    out.progress = [&](std::int64_t done, std::int64_t total) {
      return options.progress(done, total < 0 ? 0 : total, options.progress_data) != 0;
    };
  return out;
}

/// Counts with `work`, and adds what was counted to the cube when everything has succeeded, the reject file
/// too.
template <class Work>
void add_counted(komhen_cube* cube, const komhen_count_options* given, komhen_outcome* outcome, Work&& work) {
  komhen_cube& into = at_rest(cube, "cube");
  check_outcome(outcome);
  const komhen_count_options options = options_of(given);
  CountOptions told = core_options(options);
  std::optional<Cube> merged;
  told.on_counted = [&](const Counted& counted) {
    merged = into.cube();
    merged->merge(counted.cube);
  };
  const Counted counted = [&] {
    const AtWork working{into};
    Counted out = work(told);
    if (options.on_unread_column != nullptr)
      for (const std::string& name : out.outcome.unread_columns)
        options.on_unread_column(name.c_str(), static_cast<std::int64_t>(name.size()),
                                 options.on_unread_column_data);
    return out;
  }();
  into.cube() = std::move(*merged);
  hand_out(counted.outcome, outcome);
}

}  // namespace
}  // namespace komhen::capi

using namespace komhen::capi;

komhen_status komhen_cube_new(komhen_cube** out, komhen_error* err) {
  return making(out, err, [] { return handle_of({}); });
}

komhen_status komhen_cube_copy(const komhen_cube* cube, komhen_cube** out, komhen_error* err) {
  return making(out, err, [&] { return handle_of(at_rest(cube, "cube").cube()); });
}

void komhen_cube_free(komhen_cube* cube) {
  if (cube != nullptr && cube->at_work.load(std::memory_order_relaxed))
    return;  // the call under way needs it
  freeing(cube);
}

komhen_status komhen_cube_add(komhen_cube* cube, const komhen_registration* registration,
                              const komhen_count_options* options, int32_t* reason, komhen_error* err) {
  if (reason != nullptr) *reason = 0;
  return guarded(err, [&] {
    komhen_cube& into = at_rest(cube, "cube");
    const komhen_registration& given = known(registration, "registration");
    std::int32_t& answer = there(reason, "reason");
    const komhen::Codes codes = codes_of(given);
    if (options == nullptr) {
      answer = static_cast<std::int32_t>(into.add(codes, {}));
      return;
    }
    const komhen_count_options& told = known(options, "options");
    if (told.round == nullptr || told.round->round == into.last_round) {
      answer = static_cast<std::int32_t>(into.add(codes, {round_of(told), participation_of(told)}));
      return;
    }
    answer = static_cast<std::int32_t>(
        komhen::add_codes_of_round(into.cube(), codes, *round_of(told), participation_of(told)));
    into.last_round = told.round->round;
  });
}

komhen_status komhen_cube_add_columns(komhen_cube* cube, const komhen_columns* columns,
                                      const komhen_count_options* options, uint8_t* reasons,
                                      komhen_outcome* outcome, komhen_error* err) {
  clear(outcome);
  return guarded(err, [&] {
    komhen_cube& into = at_rest(cube, "cube");
    const komhen_columns& given = known(columns, "columns");
    const komhen_count_options told = options_of(options);
    check_outcome(outcome);
    if (given.length < 0) refuse("columns has a negative length");
    if (given.reserved != 0) refuse("the reserved field of the columns is not 0");
    const auto sources = texts_of(given.sources, given.sources_sizes, given.sources_count, "sources");
    const auto units = texts_of(given.units, given.units_sizes, given.units_count, "units");
    komhen::Columns core;
    core.rows = static_cast<std::size_t>(given.length);
    core.municipality = given.municipality;
    core.week = given.week;
    core.task = given.task;
    core.channel = given.channel;
    core.type = given.type;
    core.direction = given.direction;
    core.closure = given.closure;
    core.form = given.form;
    core.count = given.count;
    core.source = {sources, given.source};
    core.unit = {units, given.unit};
    std::span<std::uint8_t> room;
    if (reasons != nullptr) room = {reasons, core.rows};
    hand_out(komhen::add_columns(into.cube(), core, round_of(told), participation_of(told), room), outcome);
  });
}

komhen_status komhen_cube_add_files(komhen_cube* cube, const char* const* paths, const int64_t* sizes,
                                    int64_t count, const komhen_count_options* options,
                                    komhen_outcome* outcome, komhen_error* err) {
  clear(outcome);
  return guarded(err, [&] {
    add_counted(cube, options, outcome, [&](const komhen::CountOptions& told) {
      std::vector<std::string> names;
      for (const std::string_view path : texts_of(paths, sizes, count, "paths")) names.emplace_back(path);
      return komhen::count_files(names, told);
    });
  });
}

komhen_status komhen_cube_add_text(komhen_cube* cube, const char* bytes, int64_t size,
                                   const komhen_count_options* options, komhen_outcome* outcome,
                                   komhen_error* err) {
  clear(outcome);
  return guarded(err, [&] {
    add_counted(cube, options, outcome, [&](const komhen::CountOptions& told) {
      return komhen::count_text(text(bytes, size, "bytes"), "the text", told);
    });
  });
}

komhen_status komhen_cube_add_arrow(komhen_cube* cube, ArrowArrayStream* stream,
                                    const komhen_count_options* options, komhen_outcome* outcome,
                                    komhen_error* err) {
  clear(outcome);
  const HandedOver owner{stream};
  return guarded(err, [&] {
    static_cast<void>(there(stream, "stream"));
    add_counted(cube, options, outcome, [&](const komhen::CountOptions& told) {
      return komhen::count_stream(stream, told, "the Arrow stream");
    });
  });
}

komhen_status komhen_cube_merge(komhen_cube* into, const komhen_cube* from, komhen_error* err) {
  return guarded(err, [&] { at_rest(into, "into").cube().merge(at_rest(from, "from").cube()); });
}

int64_t komhen_cube_contacts(const komhen_cube* cube) {
  return cube == nullptr ? 0 : cube->cube().total();
}
int64_t komhen_cube_cells(const komhen_cube* cube) {
  return cube == nullptr ? 0 : static_cast<int64_t>(cube->cube().size());
}
int32_t komhen_cube_equal(const komhen_cube* a, const komhen_cube* b) {
  return looked_up(0, [&] { return a != nullptr && b != nullptr && a->cube() == b->cube() ? 1 : 0; });
}

komhen_status komhen_cube_table(const komhen_cube* cube, komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    const komhen::Cube& held = at_rest(cube, "cube").cube();
    return new komhen_table{komhen::table_of(held), held};
  });
}

komhen_status komhen_cube_save(const komhen_cube* cube, const char* file, int64_t size, komhen_error* err) {
  return guarded(err, [&] { komhen::save_cube(at_rest(cube, "cube").cube(), path(file, size, "path")); });
}

komhen_status komhen_cube_load(const char* file, int64_t size, komhen_cube** out, komhen_error* err) {
  return making(out, err, [&] { return handle_of(komhen::load_cube(path(file, size, "path"))); });
}

komhen_status komhen_cube_to_bytes(const komhen_cube* cube, komhen_buffer** out, komhen_error* err) {
  return making(out, err,
                [&] { return new komhen_buffer{komhen::serialised(at_rest(cube, "cube").cube())}; });
}

komhen_status komhen_cube_from_bytes(const char* bytes, int64_t size, komhen_cube** out, komhen_error* err) {
  return making(out, err,
                [&] { return handle_of(komhen::deserialised(text(bytes, size, "bytes"), "the bytes")); });
}
