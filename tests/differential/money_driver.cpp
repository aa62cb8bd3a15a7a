// Computes money expressions, one a line, for money.py to hold against Python's fractions.
//
// A line is in postfix notation: `12.34kr` pushes Money, `3/7` pushes a number; `+ - * / neg` take operands
// from the stack; `up` and `even` settle an amount; `da` and `plain` write money and read it back;
// `split:1,2,4` replaces money by the part of each weight, joined by `;`. The line's result is printed as
// text, or `E` and the kind of error.
#include <cstdio>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "komhen/cost/money.hpp"

namespace {

using namespace komhen;
using Value = std::variant<Money, ExactAmount, ExactNumber>;

ExactAmount amount_of(const Value& value) {
  if (const auto* money = std::get_if<Money>(&value)) return *money;
  return std::get<ExactAmount>(value);
}

Value applied(char op, const Value& a, const Value& b) {
  const auto* x = std::get_if<Money>(&a);
  const auto* y = std::get_if<Money>(&b);
  const auto* m = std::get_if<ExactNumber>(&a);
  const auto* n = std::get_if<ExactNumber>(&b);
  if (op == '+') {
    if (m && n) return *m + *n;
    if (x && y) return *x + *y;
    return amount_of(a) + amount_of(b);
  }
  if (op == '-') {
    if (m && n) return *m - *n;
    if (x && y) return *x - *y;
    return amount_of(a) - amount_of(b);
  }
  if (op == '*') {
    if (m && n) return *m * *n;
    if (x && n && n->whole()) return *x * *n->whole();
    return amount_of(a) * *n;
  }
  if (m && n) return *m / *n;
  if (n) return amount_of(a) / *n;
  return amount_of(a) / amount_of(b);
}

std::string result(const std::string& line) {
  std::vector<Value> stack;
  std::string parts;
  std::size_t begin = 0;
  while (begin < line.size()) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string word = line.substr(begin, end - begin);
    begin = end + 1;
    if (word.ends_with("kr")) {
      stack.emplace_back(Money::from_text(word.substr(0, word.size() - 2)));
    } else if (word == "neg") {
      stack.back() = std::visit([](const auto& value) -> Value { return -value; }, stack.back());
    } else if (word == "up" || word == "even") {
      stack.back() = amount_of(stack.back()).settle(word == "up" ? Rounding::half_up : Rounding::half_even);
    } else if (word == "da") {
      stack.back() = Money::from_text(std::get<Money>(stack.back()).text_da());
    } else if (word == "plain") {
      stack.back() = Money::from_text(std::get<Money>(stack.back()).text());
    } else if (word.starts_with("split:")) {
      std::vector<ExactNumber> weights;
      for (std::size_t at = 6; at < word.size();) {
        const std::size_t comma = std::min(word.find(',', at), word.size());
        weights.push_back(*ExactNumber::parse(word.substr(at, comma - at)));
        at = comma + 1;
      }
      for (const Money& part : split(std::get<Money>(stack.back()), weights))
        parts += (parts.empty() ? "" : ";") + part.text();
    } else if (word.size() == 1 && std::string{"+-*/"}.find(word) != std::string::npos) {
      const Value b = stack.back();
      stack.pop_back();
      stack.back() = applied(word[0], stack.back(), b);
    } else {
      const std::size_t slash = word.find('/');
      stack.emplace_back(slash == std::string::npos
                             ? ExactNumber{std::stoll(word)}
                             : ExactNumber::ratio(std::stoll(word), std::stoll(word.substr(slash + 1))));
    }
  }
  if (!parts.empty()) return parts;
  if (const auto* money = std::get_if<Money>(&stack.back())) return money->text();
  if (const auto* amount = std::get_if<ExactAmount>(&stack.back())) return amount->oere().fraction_text();
  return std::get<ExactNumber>(stack.back()).fraction_text();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  std::string out;
  while (std::getline(std::cin, line)) {
    try {
      out += result(line);
    } catch (const Error& error) {
      out += "E" + std::to_string(static_cast<int>(error.kind()));
    }
    out += '\n';
    if (out.size() > 60'000) {
      std::fwrite(out.data(), 1, out.size(), stdout);
      out.clear();
    }
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}
