#include <doctest/doctest.h>

#include <limits>

#include "komhen/registration/outcome.hpp"

using namespace komhen;

namespace {

Outcome outcome_of(std::int64_t accepted, std::int64_t malformed, std::string encoding = "ascii") {
  Outcome out;
  out.rows_read = accepted + malformed;
  out.rows_accepted = out.contacts = accepted;
  out.rejected[static_cast<std::size_t>(Reason::malformed)] = malformed;
  out.encoding = std::move(encoding);
  return out;
}

Outcome merged(Outcome a, const Outcome& b, Joined joined) {
  a.merge(b, joined);
  return a;
}

}  // namespace

TEST_CASE("outcomes that are added keep every row, reason by reason") {
  Outcome sum = outcome_of(5, 2);
  sum.unread_columns = {"note"};
  Outcome more = outcome_of(7, 1);
  more.unread_columns = {"farve", "note"};
  sum.merge(more);
  CHECK(sum.rows_read == 15);
  CHECK(sum.rows_accepted == 12);
  CHECK(sum.contacts == 12);
  CHECK(sum.rejected_for(Reason::malformed) == 3);
  CHECK(sum.rows_read == sum.rows_accepted + sum.rows_rejected());
  CHECK(sum.unread_columns == std::vector<std::string>{"note", "farve"});
}

TEST_CASE("files of two encodings are mixed, pieces of one stream are what the piece beyond ASCII is") {
  const Outcome ascii = outcome_of(1, 0), danish = outcome_of(1, 0, "utf-8");
  CHECK(merged(ascii, danish, Joined::files).encoding == "mixed");
  CHECK(merged(danish, ascii, Joined::files).encoding == "mixed");
  CHECK(merged(danish, danish, Joined::files).encoding == "utf-8");
  CHECK(merged(ascii, danish, Joined::stream).encoding == "utf-8");
  CHECK(merged(danish, ascii, Joined::stream).encoding == "utf-8");
  CHECK(merged(ascii, ascii, Joined::stream).encoding == "ascii");
}

TEST_CASE("outcomes that cannot be added stay as they were") {
  Outcome of_round = outcome_of(1, 1);
  of_round.round = "2012-spring";
  const Outcome before = of_round;
  CHECK_THROWS_WITH_AS(of_round.merge(outcome_of(1, 1)),
                       "the two outcomes are of different rounds, and one call has one round", Error);
  CHECK(of_round == before);
  Outcome full = outcome_of(2, 3);
  full.contacts = std::numeric_limits<std::int64_t>::max();
  const Outcome was = full;
  CHECK_THROWS_AS(full.merge(outcome_of(1, 0)), Error);
  CHECK(full == was);
}
