#include "query.hpp"

namespace komhen::python {

KleNumber kle_of(const std::string& text) {
  const auto task = KleNumber::parse(text);
  if (!task)
    throw Error(ErrorKind::argument, detail::quoted(text) + " is no KLE number; one reads like 23.05.10");
  return *task;
}

TaskSet task_set(const Tasks& tasks) {
  if (const auto* name = std::get_if<std::string>(&tasks)) return load_task_set(*name);
  TaskSet out{"selection", std::vector<KleNumber>{}};
  for (const std::string& text : std::get<1>(tasks)) out.only->push_back(kle_of(text));
  std::ranges::sort(*out.only);
  return out;
}

std::vector<Dimension> dimensions(const std::vector<std::string>& by) {
  std::vector<Dimension> out;
  for (const std::string& name : by) out.push_back(known_word<Dimension>("dimension", name));
  return out;
}

std::vector<Filter> filters(const Values& where, const Values& without) {
  std::vector<Filter> out;
  for (const auto& [dimension, values] : where)
    out.push_back({known_word<Dimension>("dimension", dimension), values, false});
  for (const auto& [dimension, values] : without)
    out.push_back({known_word<Dimension>("dimension", dimension), values, true});
  return out;
}

namespace {

py::object value_of(const DimensionValue& value) {
  if (value.dimension == Dimension::municipality) return py::int_(value.number);
  return py::str(value.text);
}

}  // namespace

py::tuple key_of(const std::vector<DimensionValue>& key) {
  py::tuple out{key.size()};
  for (std::size_t i = 0; i < key.size(); ++i) out[i] = value_of(key[i]);
  return out;
}

py::tuple Keys::of(const std::vector<DimensionValue>& key) {
  if (known_.size() < key.size()) known_.resize(key.size());
  py::tuple out{key.size()};
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i].dimension == Dimension::source || key[i].dimension == Dimension::unit) {
      out[i] = value_of(key[i]);  // two cubes number their labels each in their own way
      continue;
    }
    py::object& known = known_[i][key[i].number];
    if (!known) known = value_of(key[i]);
    out[i] = known;
  }
  return out;
}

std::vector<std::string> names(const std::vector<Dimension>& by) {
  std::vector<std::string> out;
  for (const Dimension dimension : by) out.emplace_back(token(dimension));
  return out;
}

}  // namespace komhen::python
