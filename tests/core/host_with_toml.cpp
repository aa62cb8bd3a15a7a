// A host that compiles toml++ into itself, as it likes: it links with komhen, and each keeps its own parser.
#define TOML_HEADER_ONLY 0
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>

#include <cstdio>
#include <string>

#include "komhen/error.hpp"
#include "komhen/round/round.hpp"

int main() {
  // Deeper than komhen's limit and within the host's own.
  const std::string nested = "a = " + std::string(100, '[') + std::string(100, ']') + "\n";
  if (!toml::parse(nested).contains("a")) return 1;
  for (const std::string& broken : {nested, std::string{"[[~a]]\n"}}) {
    try {
      static_cast<void>(komhen::parse_round(broken, "round.toml"));
      return 1;
    } catch (const komhen::Error& error) {
      std::puts(error.what());
    }
  }
  return 0;
}
