#include <doctest/doctest.h>

#include <limits>

#include "komhen/measure/exact.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
}

TEST_CASE("a share is rounded half up, from the exact fraction") {
  CHECK(share_text({2, 3}) == "0.666667");
  CHECK(share_text({1, 3}) == "0.333333");
  CHECK(share_text({0, 7}) == "0.000000");
  CHECK(share_text({7, 7}) == "1.000000");
  CHECK(share_text({1, 2'000'000}) == "0.000001");  // 0.0000005
  CHECK(share_text({1, 2'000'001}) == "0.000000");
  CHECK(share_text({3, 2'000'000}) == "0.000002");  // 0.0000015
  CHECK(share_text({1'999'999, 2'000'000}) == "1.000000");
  CHECK(share_text({1'999'998, 2'000'001}) == "0.999999");  // 0.9999985 and a little less
  CHECK(share_text({1, 8}, 2) == "0.13");
  CHECK(share_text({1, 2}, 0) == "1");
  CHECK(share_text({49, 100}, 0) == "0");
}

TEST_CASE("a printed per cent is rounded half up") {
  CHECK(per_cent({1, 3}) == 33);
  CHECK(per_cent({2, 3}) == 67);
  CHECK(per_cent({1, 200}) == 1);      // 0.5
  CHECK(per_cent({99, 19'900}) == 0);  // 0.497...
  CHECK(per_cent({549, 1000}) == 55);
  CHECK(per_cent({545, 1000}) == 55);
  CHECK(per_cent({5449, 10'000}) == 54);
  CHECK(per_cent({0, 1}) == 0);
  CHECK(per_cent({1, 1}) == 100);
}

TEST_CASE("huge counts stay exact") {
  CHECK(share_text({kMost - 1, kMost}) == "1.000000");
  CHECK(share_text({kMost / 2, kMost}) == "0.500000");
  CHECK(per_cent({kMost / 200, kMost}) == 0);  // 2^63 - 1 is 7 over a multiple of 200: just below a half
  CHECK(per_cent({kMost / 200 + 1, kMost}) == 1);
  CHECK(share_text({1, kMost}, 20) == "0.00000000000000000011");  // 1.08e-19
  CHECK(printed_change({0, kMost}, {kMost, kMost}) == 100);
  CHECK(printed_change({kMost, kMost}, {0, kMost}) == -100);
  CHECK(change_text({kMost / 2, kMost}, {kMost / 2 + 1, kMost}) == "0.000000");
  CHECK(change_text({kMost / 2, kMost}, {kMost / 2 + 1, kMost}, 18) ==
        "0.000000000000000011");  // 100 / (2^63 - 1)
}

TEST_CASE("a change subtracts exact shares and is rounded last: 55 after 38 can be 18") {
  // FACTS T1.2: 55.4 - 37.6 = 17.8, although 55 - 38 = 17.
  const Share before{376, 1000};
  const Share after{554, 1000};
  CHECK(per_cent(before) == 38);
  CHECK(per_cent(after) == 55);
  CHECK(printed_change(before, after) == 18);
  CHECK(change_text(before, after) == "17.800000");
  CHECK(change_text(before, after, 0) == "18");
  CHECK(change_text(before, after, 1) == "17.8");
  SUBCASE("32.15.00: 72 after 58 is 15, and 32.30.12: 61 after 37 is 25") {
    CHECK(printed_change({577, 1000}, {722, 1000}) == 15);
    CHECK(printed_change({367, 1000}, {612, 1000}) == 25);
  }
}

TEST_CASE("halves of a change go away from zero") {
  CHECK(printed_change({0, 200}, {1, 200}) == 1);
  CHECK(printed_change({1, 200}, {0, 200}) == -1);
  CHECK(printed_change({0, 1000}, {4, 1000}) == 0);
  CHECK(printed_change({4, 1000}, {0, 1000}) == 0);
  CHECK(printed_change({1, 200}, {36, 200}) == 18);  // 17.5
  CHECK(printed_change({36, 200}, {1, 200}) == -18);
  CHECK(change_text({1, 3}, {0, 1}) == "-33.333333");
  CHECK(change_text({2, 3}, {0, 1}) == "-66.666667");
  CHECK(change_text({1, 2}, {1, 2}) == "0.000000");
}

TEST_CASE("a change that rounds to nothing has no sign") {
  CHECK(change_text({1, 1'000'000'000}, {0, 1}) == "0.000000");
  CHECK(change_text({4, 1000}, {0, 1000}, 0) == "0");
}

TEST_CASE("a share without denominator does not exist, and a share of 0 does") {
  CHECK_FALSE(Share{0, 0}.exists());
  CHECK(Share{0, 1}.exists());
}
