#pragma once

#include "count_ways.hpp"

namespace test {

/// Gives back the ways of counting that a test has changed, however it ends.
class KeptWays {
 public:
  KeptWays() = default;
  ~KeptWays() { komhen::detail::count_ways() = before_; }
  KeptWays(const KeptWays&) = delete;
  KeptWays& operator=(const KeptWays&) = delete;

 private:
  komhen::detail::CountWays before_ = komhen::detail::count_ways();
};

}  // namespace test
