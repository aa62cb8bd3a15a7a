#include <doctest/doctest.h>

#include "komhen/registration/suggest.hpp"
#include "komhen/taxonomy/taxonomy.hpp"

using komhen::Field;
using komhen::keystrokes_apart;
using komhen::suggestion;

TEST_CASE("the distance counts letters put in, left out, replaced and swapped, and folds first") {
  CHECK(keystrokes_apart("telefon", "telefon") == 0);
  CHECK(keystrokes_apart("telefn", "telefon") == 1);
  CHECK(keystrokes_apart("teleffon", "telefon") == 1);
  CHECK(keystrokes_apart("telefan", "telefon") == 1);
  CHECK(keystrokes_apart("teelfon", "telefon") == 1);
  CHECK(keystrokes_apart("TELEFON", "telefon") == 0);
  CHECK(keystrokes_apart("", "ab") == 2);
  CHECK(keystrokes_apart("ab", "") == 2);
  CHECK(keystrokes_apart("", "abc") == std::nullopt);
  CHECK(keystrokes_apart("Køge", "Koege") == 0);
  CHECK(keystrokes_apart("ca", "abc") == std::nullopt);  // a part that is swapped is not touched again
  CHECK(keystrokes_apart("ca", "abc", 3) == 3);
  CHECK(keystrokes_apart(std::string(65, 'a'), "a", 100) == std::nullopt);
  CHECK(keystrokes_apart(std::string(64, 'a'), "a", 100) == 63);
}

TEST_CASE("a near miss of a word is suggested as the word's token") {
  CHECK(suggestion(Field::channel, "telefone") == "telephone");
  CHECK(suggestion(Field::channel, "Selvbetjning") == "self_service");
  CHECK(suggestion(Field::type, "nysag") == "new_case");
  CHECK(suggestion(Field::direction, "indgaaende ") == "incoming");
  CHECK(suggestion(Field::closure, "afslutet") == "closed");
  CHECK(suggestion(Field::form, "papirblankt") == "paper");
  CHECK(suggestion(Field::municipality, "Hernig") == "Herning");
  CHECK(suggestion(Field::municipality, "Kobenhavn") == "København");
}

TEST_CASE("a near miss of one of the 35 tasks is suggested as its KLE number") {
  CHECK(suggestion(Field::kle, "23.05.1O") == "23.05.10");
  CHECK(suggestion(Field::kle, "23.5.10") == "23.05.10");
  CHECK(suggestion(Field::kle, "230510") == "23.05.10");
}

TEST_CASE("nothing is suggested where nothing is near, two are equally near, or the text is right") {
  CHECK(suggestion(Field::channel, "pigeon") == std::nullopt);
  CHECK(suggestion(Field::channel, "") == std::nullopt);
  CHECK(suggestion(Field::channel, "telefon") == std::nullopt);
  CHECK(suggestion(Field::channel, std::string(1000, 't')) == std::nullopt);
  CHECK(suggestion(Field::direction, "x") == std::nullopt);       // near "ud" only because that is short
  CHECK(suggestion(Field::municipality, "656") == std::nullopt);  // a code is no near miss of another
  CHECK(suggestion(Field::kle, "99.99.99") == std::nullopt);
  for (const Field field :
       {Field::date, Field::week, Field::count, Field::source, Field::unit, Field::event_id})
    CHECK(suggestion(field, "telefone") == std::nullopt);
  // Odder, Odense: neither of two equally near names is put forward.
  CHECK(keystrokes_apart("Norddjurs", "Nyddjurs") == keystrokes_apart("Syddjurs", "Nxddjurs"));
  CHECK(suggestion(Field::municipality, "Vejl") != std::nullopt);
  CHECK(suggestion(Field::municipality, "Veje") == std::nullopt);  // Vejle or Vejen
}

TEST_CASE("no table's own word is called a near miss of another value") {
  for (const auto& row : komhen::kWords<komhen::Channel>)
    komhen::detail::any_word(row, [](std::string_view word) {
      CHECK(suggestion(Field::channel, word) == std::nullopt);
      return false;
    });
  for (const auto& task : komhen::kTasks) CHECK(suggestion(Field::kle, task.kle.text()) == std::nullopt);
}
