#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace komhen {

/// A code of FORM, the common public reference model: 2 to 4 pairs of digits, such as `08.15.05.10`.
///
/// One code can serve several tasks and can be another's prefix, so it is a label and a way to roll up, never
/// a key.
class FormCode {
 public:
  /// Reads `NN.NN`, `NN.NN.NN` or `NN.NN.NN.NN`; anything else gives nullopt.
  [[nodiscard]] static constexpr std::optional<FormCode> parse(std::string_view text) noexcept {
    if (text.size() != 5 && text.size() != 8 && text.size() != 11) return std::nullopt;
    FormCode code;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i % 3 == 2) {
        if (text[i] != '.') return std::nullopt;
        continue;
      }
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      code.digits_ = code.digits_ * 10 + static_cast<std::uint32_t>(text[i] - '0');
    }
    code.pairs_ = static_cast<std::uint32_t>((text.size() + 1) / 3);
    return code;
  }

  /// Whether this code is `prefix` or stands below it: 26.30.05.10 stands below 26.30.05.
  [[nodiscard]] constexpr bool is_under(FormCode prefix) const noexcept {
    if (prefix.pairs_ > pairs_) return false;
    std::uint32_t cut = digits_;
    for (std::uint32_t i = prefix.pairs_; i < pairs_; ++i) cut /= 100;
    return cut == prefix.digits_;
  }

  [[nodiscard]] std::string text() const {
    std::string out(3 * pairs_ - 1, '.');
    std::uint32_t rest = digits_;
    for (std::size_t pair = pairs_; pair-- > 0; rest /= 100) {
      out[3 * pair] = static_cast<char>('0' + rest / 10 % 10);
      out[3 * pair + 1] = static_cast<char>('0' + rest % 10);
    }
    return out;
  }

  friend constexpr auto operator<=>(FormCode, FormCode) noexcept = default;

 private:
  constexpr FormCode() noexcept = default;
  std::uint32_t digits_ = 0;
  std::uint32_t pairs_ = 0;
};

inline namespace literals {
/// A malformed literal does not compile.
consteval FormCode operator""_form(const char* text, std::size_t size) {
  const auto code = FormCode::parse({text, size});
  if (!code) throw std::invalid_argument("a FORM literal must read NN.NN, NN.NN.NN or NN.NN.NN.NN");
  return *code;
}
}  // namespace literals

}  // namespace komhen
