// As much of JSON as the test vectors use: objects, arrays, numbers, strings without escapes.
#pragma once

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace plugjam::test {

struct Json {
  std::map<std::string, Json> members;
  std::vector<Json> items;
  std::string text;
  double number = 0;

  const Json& operator[](const std::string& name) const {
    const auto found = members.find(name);
    if (found == members.end()) throw std::runtime_error("no member " + name);
    return found->second;
  }
  const Json& operator[](size_t index) const { return items.at(index); }
};

class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : at_(text.c_str()) {}

  Json read() {
    Json value;
    skip_space();
    if (take('{')) {
      if (take('}')) return value;
      do {
        skip_space();
        std::string name = read_string();
        expect(':');
        value.members.emplace(std::move(name), read());
      } while (take(','));
      expect('}');
    } else if (take('[')) {
      if (take(']')) return value;
      do value.items.push_back(read());
      while (take(','));
      expect(']');
    } else if (*at_ == '"') {
      value.text = read_string();
    } else {
      char* end = nullptr;
      value.number = std::strtod(at_, &end);
      if (end == at_) throw std::runtime_error(std::string("not a JSON value: ") + at_);
      at_ = end;
    }
    return value;
  }

 private:
  void skip_space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') ++at_;
  }

  bool take(char c) {
    skip_space();
    if (*at_ != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) throw std::runtime_error(std::string("expected ") + c + " at: " + at_);
  }

  std::string read_string() {
    expect('"');
    std::string text;
    while (*at_ != '"' && *at_ != '\0') {
      if (*at_ == '\\') text += *at_++;  // notes may hold escapes: kept as they are, nobody reads them
      text += *at_++;
    }
    expect('"');
    return text;
  }

  const char* at_;
};

}  // namespace plugjam::test
