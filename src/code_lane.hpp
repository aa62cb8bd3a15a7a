#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "code_steps.hpp"
#include "cube_cells.hpp"
#include "dense_tally.hpp"
#include "komhen/registration/columns.hpp"
#include "learnt_codes.hpp"
#include "seen_places.hpp"

namespace komhen::detail {

/// The bits of a cell's key that a small code stands for.
using LearntBytes = std::array<std::uint64_t, 256>;

/// Counts rows of codes whose every code stood in a row that was accepted before; whatever follows from a
/// code alone is known of it then, and what follows from municipality and week together is asked of those
/// two. As RowLane does for texts.
class CodeLane {
 public:
  /// @param has_places  whether municipality and week must have been seen together
  CodeLane(const Columns& columns, bool has_places) : columns_{columns}, places_{has_places} {
    for (LearntBytes* bytes :
         {&learnt_.channels, &learnt_.types, &learnt_.directions, &learnt_.closures, &learnt_.forms})
      bytes->fill(kUnlearnt);
    if (columns.source.index != nullptr) learnt_.sources.assign(columns.source.texts.size(), kUnlearnt);
    if (columns.unit.index != nullptr) learnt_.units.assign(columns.unit.texts.size(), kUnlearnt);
  }

  /// The bits of a key that no column says.
  [[nodiscard]] std::uint64_t fixed_bits() const noexcept { return fixed_; }
  /// How often it has learnt something.
  [[nodiscard]] std::size_t lessons() const noexcept { return lessons_; }
  [[nodiscard]] bool has_places() const noexcept { return places_.asked(); }

  /// What has been learnt of the columns that there are.
  [[nodiscard]] std::vector<LearntColumn> learnt_columns() const {
    std::vector<LearntColumn> out;
    each_column([&](Field field, const auto& learnt, const auto*) {
      auto& codes = out.emplace_back(LearntColumn{field, {}}).codes;
      const auto note = [&](std::uint64_t code, std::uint64_t bits) {
        codes.push_back({static_cast<std::uint32_t>(code), bits});
      };
      if constexpr (requires { learnt.for_each(note); }) {
        learnt.for_each(note);
      } else {
        for (std::size_t code = 0; code < learnt.size(); ++code)
          if (learnt[code] != kUnlearnt) note(code, learnt[code]);
      }
    });
    return out;
  }
  /// Calls `visit(column, code)` for the codes of a row of these columns, whose narrow key is known.
  template <class Visit>
  void each_code(std::size_t row, std::uint64_t key, Visit&& visit) const {
    std::size_t column = 0;
    each_column([&](Field field, const auto&, const auto* codes) {
      const auto code = static_cast<std::uint32_t>(codes[row]);
      visit(column++, LearntColumn::Code{code, key & CubeCells::mask_of(field)});
    });
  }
  /// Gives the codes of some rows of one of these columns to steps of it.
  void lead(std::size_t column, const CodeSteps& steps, std::size_t row, std::size_t rows,
            std::uint32_t* places) const noexcept {
    each_column([&](Field, const auto&, const auto* codes) {
      if (column-- == 0) steps.lead(codes + row, rows, places);
    });
  }

  /// Learns from a row that was accepted, with its narrow key.
  void learn(std::size_t row, std::uint64_t key) {
    ++lessons_;
    std::uint64_t stated = 0;
    const auto bits = [&](Field field) {
      stated |= CubeCells::mask_of(field);
      return key & CubeCells::mask_of(field);
    };
    const auto number = [](std::int32_t code) { return static_cast<std::uint32_t>(code); };
    learnt_.municipalities.learn(number(columns_.municipality[row]), bits(Field::municipality));
    learnt_.weeks.learn(number(columns_.week[row]), bits(Field::week));
    learnt_.tasks.learn(number(columns_.task[row]), bits(Field::kle));
    learnt_.channels[columns_.channel[row]] = bits(Field::channel);
    learnt_.types[columns_.type[row]] = bits(Field::type);
    learnt_.directions[columns_.direction[row]] = bits(Field::direction);
    if (columns_.closure != nullptr) learnt_.closures[columns_.closure[row]] = bits(Field::closure);
    if (columns_.form != nullptr) learnt_.forms[columns_.form[row]] = bits(Field::form);
    if (!learnt_.sources.empty()) learnt_.sources[number(columns_.source.index[row])] = bits(Field::source);
    if (!learnt_.units.empty()) learnt_.units[number(columns_.unit.index[row])] = bits(Field::unit);
    fixed_ = key & ~stated;
    places_.note(key);
  }

  /// The narrow key of a row that it knows; else kUnlearnt.
  [[nodiscard, gnu::always_inline]] std::uint64_t key_of(std::size_t row) const noexcept {
    std::uint64_t key = fixed_;
    key |= learnt_.municipalities.of(static_cast<std::uint32_t>(columns_.municipality[row]));
    key |= learnt_.weeks.of(static_cast<std::uint32_t>(columns_.week[row]));
    key |= learnt_.tasks.of(static_cast<std::uint32_t>(columns_.task[row]));
    key |= learnt_.channels[columns_.channel[row]];
    key |= learnt_.types[columns_.type[row]];
    key |= learnt_.directions[columns_.direction[row]];
    if (columns_.closure != nullptr) key |= learnt_.closures[columns_.closure[row]];
    if (columns_.form != nullptr) key |= learnt_.forms[columns_.form[row]];
    if (columns_.source.index != nullptr) key |= bits_at(learnt_.sources, columns_.source.index[row]);
    if (columns_.unit.index != nullptr) key |= bits_at(learnt_.units, columns_.unit.index[row]);
    return key == kUnlearnt || places_.has(key) ? key : kUnlearnt;
  }

 private:
  /// The bits of the codes of every column; kUnlearnt for a code that has not been learnt.
  struct Learnt {
    LearntCodes municipalities;
    LearntCodes weeks;
    LearntCodes tasks;
    LearntBytes channels;
    LearntBytes types;
    LearntBytes directions;
    LearntBytes closures;
    LearntBytes forms;
    std::vector<std::uint64_t> sources;  ///< by the text's place
    std::vector<std::uint64_t> units;
  };

  /// Calls `visit(field, learnt, codes)` for the columns that there are, always in this order.
  template <class Visit>
  void each_column(Visit&& visit) const {
    visit(Field::municipality, learnt_.municipalities, columns_.municipality);
    visit(Field::week, learnt_.weeks, columns_.week);
    visit(Field::kle, learnt_.tasks, columns_.task);
    visit(Field::channel, learnt_.channels, columns_.channel);
    visit(Field::type, learnt_.types, columns_.type);
    visit(Field::direction, learnt_.directions, columns_.direction);
    if (columns_.closure != nullptr) visit(Field::closure, learnt_.closures, columns_.closure);
    if (columns_.form != nullptr) visit(Field::form, learnt_.forms, columns_.form);
    if (columns_.source.index != nullptr) visit(Field::source, learnt_.sources, columns_.source.index);
    if (columns_.unit.index != nullptr) visit(Field::unit, learnt_.units, columns_.unit.index);
  }
  static std::uint64_t bits_at(const std::vector<std::uint64_t>& texts, std::int32_t index) noexcept {
    const auto at = static_cast<std::uint32_t>(index);
    return at < texts.size() ? texts[at] : kUnlearnt;
  }

  const Columns& columns_;
  std::uint64_t fixed_ = 0;
  std::size_t lessons_ = 0;
  Learnt learnt_;
  SeenPlaces places_;
};

}  // namespace komhen::detail
