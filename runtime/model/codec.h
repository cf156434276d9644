// Primitives of the packed forms (journal records, checkpointed contacts): variable-length integers and texts with a length.
// Integers are LEB128; signed ones are zigzag-coded first, so that small ones of either sign are short.
#ifndef STAGECRAFT_RUNTIME_MODEL_CODEC_H_
#define STAGECRAFT_RUNTIME_MODEL_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace stagecraft::runtime {

// Appends to `out`, at the latest when it is destroyed. Collects in a buffer of its own since a std::string is slow by the byte.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  ~Writer() { Flush(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Byte(std::uint8_t value) {
    Reserve(1);
    buffer_[used_++] = static_cast<char>(value);
  }
  void Unsigned(std::uint64_t value) {
    Reserve(kVarintMax);
    while (value >= 0x80) {
      buffer_[used_++] = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    buffer_[used_++] = static_cast<char>(value);
  }
  void Signed(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    Unsigned((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  // `value - base`, exact for any two: the difference wraps, and Reader::Relative wraps it back.
  void Relative(std::int64_t value, std::int64_t base) {
    Signed(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base)));
  }
  void Text(std::string_view text) {
    Unsigned(text.size());
    if (text.size() > kBufferSize - used_) {
      Flush();
      out_.append(text);
      return;
    }
    text.copy(buffer_ + used_, text.size());
    used_ += text.size();
  }

 private:
  static constexpr std::size_t kVarintMax = 10;
  static constexpr std::size_t kBufferSize = 512;  // most records fit, so that they are one append

  void Reserve(std::size_t size) {
    if (kBufferSize - used_ < size) Flush();
  }
  void Flush() {
    out_.append(buffer_, used_);
    used_ = 0;
  }

  std::string& out_;
  std::size_t used_ = 0;
  char buffer_[kBufferSize];
};

// Reads what Writer wrote. After the first thing that cannot be read ok() is false for good and everything reads as 0 or
// empty; it never reads beyond its bytes.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return at_ == bytes_.size(); }
  std::size_t offset() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

  std::uint8_t Byte() {
    if (left() < 1) return Damaged();
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }
  std::uint64_t Unsigned() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (left() < 1) return Damaged();
      const auto byte = static_cast<std::uint8_t>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return Damaged();
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return Damaged();
  }
  std::int64_t Signed() {
    const std::uint64_t bits = Unsigned();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
  }
  std::int64_t Relative(std::int64_t base) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(Signed()) + static_cast<std::uint64_t>(base));
  }
  // An integer that must fit into T.
  template <typename T>
  T Bounded() {
    const std::uint64_t value = Unsigned();
    return value <= std::numeric_limits<T>::max() ? static_cast<T>(value) : static_cast<T>(Damaged());
  }
  // How many items follow. Each takes at least one byte, so damaged bytes cannot ask for more memory than they have bytes.
  std::size_t Count() {
    const std::uint64_t count = Unsigned();
    return count <= left() ? static_cast<std::size_t>(count) : Damaged();
  }
  std::string_view Text() {
    const std::size_t size = Count();
    const std::string_view text = bytes_.substr(at_, size);
    at_ += text.size();
    return text;
  }
  // `size` bytes, read by a reader of their own.
  Reader Part(std::size_t size) {
    if (size > left()) Damaged();
    const Reader part(ok_ ? bytes_.substr(at_, size) : std::string_view());
    at_ += part.left();
    return part;
  }
  void Fail() { Damaged(); }

 private:
  std::uint8_t Damaged() {
    ok_ = false;
    at_ = bytes_.size();
    return 0;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_CODEC_H_
