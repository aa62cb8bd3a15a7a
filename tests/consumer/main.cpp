#include <iostream>
#include <komhen/komhen.hpp>
#include <string_view>

int main() {
  std::string_view file =
      "municipality;date;kle;channel;type;direction\n"
      "657;2012-04-23;23.05.10;telephone;new_case;incoming\n"
      "657;2012-04-23;23.05.10;self_service;new_case;incoming\n";
  const auto source = [&](char* into, std::size_t room) {
    const std::size_t got = file.copy(into, room);
    file.remove_prefix(got);
    return got;
  };
  try {
    const komhen::Counted counted = komhen::count_bytes(source, "in memory");
    komhen::Cube cube;
    cube.add({.municipality = *komhen::Municipality::from_code(657),
              .week = *komhen::Week::parse("2012-W17"),
              .task = *komhen::KleNumber::parse("23.05.10"),
              .channel = komhen::Channel::self_service,
              .type = komhen::ContactType::new_case,
              .direction = komhen::Direction::incoming});
    if (cube.total() != 1) return 1;
    const komhen::MeasureTable table =
        komhen::measure(counted.cube, {.measure = komhen::Measure::self_service});
    std::cout << counted.outcome.contacts << " contacts, self-service "
              << komhen::per_cent(table.rows.at(0).share) << " %\n";
  } catch (const komhen::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
