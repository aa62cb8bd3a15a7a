/// Buffers, and rounds, participation and profiles (2 and 4 of komhen.h).
#include "guarded.hpp"
#include "handles.hpp"

using namespace komhen::capi;

const char* komhen_buffer_data(const komhen_buffer* buffer) {
  return buffer == nullptr ? nullptr : buffer->bytes.c_str();
}
int64_t komhen_buffer_size(const komhen_buffer* buffer) {
  return buffer == nullptr ? 0 : static_cast<int64_t>(buffer->bytes.size());
}
void komhen_buffer_free(komhen_buffer* buffer) {
  freeing(buffer);
}

komhen_status komhen_round_load(const char* id_or_path, int64_t size, komhen_round** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_round{
        std::make_shared<const komhen::Round>(komhen::load_round(path(id_or_path, size, "id_or_path")))};
  });
}

komhen_status komhen_round_parse(const char* toml, int64_t size, const char* name, int64_t name_size,
                                 komhen_round** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_round{std::make_shared<const komhen::Round>(
        komhen::parse_round(text(toml, size, "toml"), text(name, name_size, "name")))};
  });
}

const char* komhen_round_id(const komhen_round* round) {
  return round == nullptr ? nullptr : round->round->id.c_str();
}

int32_t komhen_round_scheme(const komhen_round* round) {
  return round == nullptr ? 0 : static_cast<int32_t>(round->round->scheme);
}

int32_t komhen_round_week(const komhen_round* round, int64_t index) {
  if (round == nullptr || index < 0 || index >= static_cast<int64_t>(round->round->weeks.size())) return 0;
  return round->round->weeks[static_cast<std::size_t>(index)].digits();
}

void komhen_round_free(komhen_round* round) {
  freeing(round);
}

komhen_status komhen_participation_load(const char* file, int64_t size, komhen_participation** out,
                                        komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_participation{komhen::load_participation(path(file, size, "path"))};
  });
}

komhen_status komhen_participation_parse(const char* csv, int64_t size, const char* name, int64_t name_size,
                                         komhen_participation** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_participation{
        komhen::parse_participation(text(csv, size, "csv"), text(name, name_size, "name"))};
  });
}

int32_t komhen_participation_has(const komhen_participation* participation, int32_t municipality,
                                 int32_t week) {
  const auto who = komhen::Municipality::from_code(municipality);
  const auto when = komhen::Week::from_iso(week / 100, week % 100);
  return participation != nullptr && who && when && participation->participation.has(*who, *when) ? 1 : 0;
}

void komhen_participation_free(komhen_participation* participation) {
  freeing(participation);
}

komhen_status komhen_profile_load(const char* file, int64_t size, komhen_profile** out, komhen_error* err) {
  return making(out, err, [&] { return new komhen_profile{komhen::load_profile(path(file, size, "path"))}; });
}

komhen_status komhen_profile_parse(const char* toml, int64_t size, const char* name, int64_t name_size,
                                   komhen_profile** out, komhen_error* err) {
  return making(out, err, [&] {
    return new komhen_profile{komhen::parse_profile(text(toml, size, "toml"), text(name, name_size, "name"))};
  });
}

void komhen_profile_free(komhen_profile* profile) {
  freeing(profile);
}
