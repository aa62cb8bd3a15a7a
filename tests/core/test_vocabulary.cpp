#include <doctest/doctest.h>

#include "komhen/measure/measure.hpp"
#include "komhen/measure/published.hpp"
#include "komhen/registration/field.hpp"
#include "komhen/registration/reason.hpp"
#include "komhen/taxonomy/vocabulary.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

/// Every word of a table, folded in every way that a file may write it.
template <Worded E>
void reads_back() {
  for (const auto& row : kWords<E>) {
    CAPTURE(std::string{row.token});
    CHECK(token(row.value) == row.token);
    CHECK(label(row.value, Language::danish) == row.label_da);
    CHECK(label(row.value, Language::english) == row.label_en);
    CHECK(from_number<E>(static_cast<std::int64_t>(row.value)) == row.value);
    detail::any_word(row, [&](std::string_view word) {
      CAPTURE(std::string{word});
      CHECK(from_text<E>(word) == row.value);
      std::string other{word};
      for (char& c : other)
        c = c == ' ' ? '_' : c == '_' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      CHECK(from_text<E>(other) == row.value);
      return false;
    });
  }
  const auto first = static_cast<std::int64_t>(kWords<E>.front().value);
  CHECK_FALSE(from_number<E>(first - 1));
  CHECK_FALSE(from_number<E>(first + static_cast<std::int64_t>(kWords<E>.size())));
  CHECK_FALSE(from_number<E>(std::numeric_limits<std::int64_t>::max()));
  CHECK_FALSE(from_number<E>(std::numeric_limits<std::int64_t>::min()));
  CHECK_FALSE(from_number<E>(256 + first));
  for (const char* text : {"", "0", "1", "x", "|"}) CHECK_FALSE(from_text<E>(text));
}

}  // namespace

TEST_CASE("every word of every table reads back as its value") {
  reads_back<Channel>();
  reads_back<ContactType>();
  reads_back<Direction>();
  reads_back<Closure>();
  reads_back<AttachedForm>();
  reads_back<Field>();
  reads_back<Reason>();
  reads_back<Scheme>();
  reads_back<Group>();
  reads_back<Dimension>();
  reads_back<Measure>();
  reads_back<DigitalSet>();
  reads_back<FigureState>();
  reads_back<FigureUnit>();
}

TEST_CASE("the numbers of the C ABI stay what they are") {
  CHECK(static_cast<int>(Channel::telephone) == 1);
  CHECK(static_cast<int>(Channel::self_service) == 7);
  CHECK(static_cast<int>(Channel::system) == 11);
  CHECK(static_cast<int>(ContactType::new_case) == 1);
  CHECK(static_cast<int>(ContactType::misdirected) == 6);
  CHECK(static_cast<int>(Direction::outgoing) == 2);
  CHECK(static_cast<int>(Closure::put_aside) == 2);
  CHECK(static_cast<int>(AttachedForm::digital) == 3);
  CHECK(static_cast<int>(Reason::malformed) == 1);
  CHECK(static_cast<int>(Reason::conflicting_event) == 18);
  CHECK(static_cast<int>(Field::event_id) == 13);
}

TEST_CASE("words match whatever their case, with _, - and space the same, and æ, ø, å as ae, oe, aa") {
  for (const char* text : {"self_service", "Self-Service", "SELF SERVICE", "selvbetjening",
                           "Selvbetjeningsløsning", "SELVBETJENINGSLØSNING", "selvbetjeningsloesning"})
    CHECK(from_text<Channel>(text) == Channel::self_service);
  for (const char* text :
       {"Personligt fremmøde", "personligt fremmoede", "PERSONLIGT-FREMMØDE", "fremmøde", "skranke"})
    CHECK(from_text<Channel>(text) == Channel::in_person);
  for (const char* text : {"Generelle råd og vejledning",
                           "generelle ra\xCC\x8A"
                           "d og vejledning",
                           "GENERELLE RÅD OG VEJLEDNING", "generelle raad og vejledning"})
    CHECK(from_text<ContactType>(text) == ContactType::guidance);
  CHECK(from_text<ContactType>("\xC3\x86ndring af status på eksisterende sag") == ContactType::status_change);
  CHECK(from_text<Channel>("borger.dk") == Channel::website);
  SUBCASE("but not beyond that") {
    for (const char* text :
         {"selfservice", "self  service", "self_service ", "telefon.", "chat", "app", "7", "kanal 1"})
      CHECK_FALSE(from_text<Channel>(text));
    CHECK_FALSE(from_text<ContactType>("generelle rad og vejledning"));
  }
}

TEST_CASE("letter case is that of Danish, whatever the host's locale: no dotless i") {
  CHECK(from_text<Channel>("DIGITAL POST") == Channel::digital_post);
  CHECK_FALSE(from_text<Channel>("D\xC4\xB0GITAL POST"));  // with the Turkish capital İ
  CHECK_FALSE(from_text<Channel>("d\xC4\xB1gital post"));
}

TEST_CASE("a text longer than any word matches nothing, and a word of any length is no danger") {
  CHECK_FALSE(from_text<Channel>(std::string(65, 'x')));
  CHECK_FALSE(from_text<Channel>(test::repeated("å", 1000)));
  CHECK(detail::Folded::of(std::string(64, 'x')));
  CHECK_FALSE(detail::Folded::of(std::string(65, 'x')));
  CHECK(detail::Folded::of(test::repeated("å", 32)));
  CHECK_FALSE(detail::Folded::of(test::repeated("å", 33)));
  for (const char* cut : {"\xC3", "a\xCC", "\xE2\x84", "xx\xC3"})
    CHECK(detail::Folded::of(cut)->view() == cut);
}

TEST_CASE("written channels count messages, and a conversation counts once") {
  for (const Channel channel : {Channel::telephone, Channel::in_person})
    CHECK(counting_unit(channel) == CountingUnit::conversation);
  for (const Channel channel : {Channel::letter, Channel::email, Channel::digital_post, Channel::remote_print,
                                Channel::sms, Channel::social_media})
    CHECK(counting_unit(channel) == CountingUnit::message);
}
