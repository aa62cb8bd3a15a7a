// Records some contacts, saves and loads the cube, and prints the week's self-service share.
// Build: find_package(komhen), link komhen::komhen (see CMakeLists.txt beside this file).
#include <cstdio>
#include <komhen/komhen.hpp>

using namespace komhen::literals;

int main() {
  const komhen::Registration move{.municipality = *komhen::Municipality::from_text("Herning"),
                                  .week = "2012-W17"_week,
                                  .task = "23.05.10"_kle,
                                  .channel = komhen::Channel::telephone,
                                  .type = komhen::ContactType::new_case,
                                  .direction = komhen::Direction::incoming,
                                  .unit = "Borgerservice Ærø",
                                  .count = 3};
  try {
    komhen::Cube cube;
    cube.add(move);
    auto online = move;
    online.channel = komhen::Channel::self_service;
    online.count = 1;
    cube.add(online);

    const komhen::Cube again = komhen::deserialised(komhen::serialised(cube), "the saved cube");
    const auto table =
        komhen::measure(again, {.measure = komhen::Measure::self_service, .by = {komhen::Dimension::task}});
    for (const auto& row : table.rows)
      std::printf("%s: %lld of %lld by self-service, %s\n", row.key.front().text.c_str(),
                  static_cast<long long>(row.share.numerator), static_cast<long long>(row.share.denominator),
                  komhen::share_text(row.share).c_str());
  } catch (const komhen::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
