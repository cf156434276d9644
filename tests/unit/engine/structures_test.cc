// The containers under the engine: each against a plain one.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "runtime/engine/chunked.h"
#include "runtime/engine/hash_index.h"
#include "runtime/engine/item_table.h"
#include "runtime/engine/row_packer.h"
#include "runtime/engine/simulated.h"
#include "runtime/timer/timer_heap.h"

namespace stagecraft::runtime {
namespace {

TEST_CASE("an index finds each number under its hash, also when hashes are alike") {
  SeededRandom random(7);
  std::map<std::uint64_t, std::vector<std::uint32_t>> plain;
  HashIndex index;
  for (std::uint32_t number = 0; number < 20'000; ++number) {
    const std::uint64_t hash = number % 3 == 0 ? (random.Next() & 0xFF00'0000'0000'0001) : random.Next();
    plain[hash].push_back(number);
    index.Insert(hash, number);
  }
  int wrong = 0;
  for (const auto& [hash, numbers] : plain) {
    for (const std::uint32_t number : numbers) {
      if (index.Find(hash, [&](std::uint32_t found) { return found == number; }) != number) ++wrong;
    }
    if (index.Find(hash, [](std::uint32_t) { return false; })) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK_FALSE(index.Find(12'345, [](std::uint32_t) { return true; }));
}

TEST_CASE("a table of items finds them by id, and tells once what has changed") {
  ItemTable<Deal> deals;
  for (const std::int64_t id : {3, 7, 20}) {
    Deal deal;
    deal.id = id;
    deals.Add(std::move(deal));
  }
  CHECK(deals.last_id() == 20);
  REQUIRE(deals.Find(7) != nullptr);
  CHECK(deals.Find(7)->id == 7);
  CHECK(deals.Find(8) == nullptr);
  CHECK(deals.Find(21) == nullptr);
  CHECK(deals.Change(4) == nullptr);
  for (const std::int64_t id : {20, 3, 20, 3}) deals.Change(id)->name = "changed";
  CHECK(deals.all()[2].name == "changed");
  CHECK(deals.TakeChanged() == std::vector<std::size_t>{0, 2});
  CHECK(deals.TakeChanged().empty());
}

TEST_CASE("a chunked sequence never moves its elements") {
  Chunked<int> numbers;
  const int* first = &numbers.emplace_back(0);
  for (int i = 1; i < 5'000; ++i) numbers.emplace_back(i);
  CHECK(first == &numbers[0]);
  CHECK(numbers.size() == 5'000);
  CHECK(numbers[4'999] == 4'999);
  CHECK(numbers.back() == 4'999);
}

TEST_CASE("a chunked sequence gives up its last element, also at the edge of a chunk") {
  Chunked<int> numbers;
  for (int i = 0; i < 1'025; ++i) numbers.emplace_back(i);
  numbers.pop_back();
  CHECK(numbers.back() == 1'023);
  numbers.emplace_back(7);
  CHECK(numbers.size() == 1'025);
  CHECK(numbers.back() == 7);
}

TEST_CASE("timers come out by due time, then contact, window closings first, then rule") {
  TimerHeap heap;
  const std::vector<TimerEntry> order = {{1, 9, 9}, {2, 1, kNoRule}, {2, 1, 0}, {2, 1, 3}, {2, 4, kNoRule}, {3, 0, 0}};
  for (std::size_t i = 0; i < order.size(); ++i) heap.Push(order[(i * 5) % order.size()]);
  std::vector<TimerEntry> out;
  while (heap.NextDue()) out.push_back(heap.Pop());
  CHECK(out == order);
}

TEST_CASE("dropped timers are swept out once they are the greater part") {
  TimerHeap heap;
  for (std::uint32_t i = 0; i < 10'000; ++i) heap.Push({i, i, 0});
  const auto is_odd = [](const TimerEntry& entry) { return entry.contact % 2 == 1; };
  heap.Compact(is_odd);
  CHECK(heap.size() == 10'000);
  for (int i = 0; i < 5'000; ++i) heap.NoteDropped();
  heap.Compact(is_odd);
  CHECK(heap.size() == 5'000);
  CHECK(heap.NextDue() == 1);
}

TEST_CASE("rows hold a bounded number of records, of consecutive sequences") {
  RowPacker packer;
  Record record;
  record.kind = RecordKind::kEvent;
  for (record.sequence = 1; record.sequence <= 600; ++record.sequence) packer.Add(record);
  record.event_id = std::string(RowPacker::kBytesMax, 'x');
  for (; record.sequence <= 602; ++record.sequence) packer.Add(record);
  std::vector<std::pair<Sequence, std::uint32_t>> rows;
  for (const JournalRow& row : packer.rows()) rows.emplace_back(row.first, row.count);
  CHECK(rows == std::vector<std::pair<Sequence, std::uint32_t>>{{1, 256}, {257, 256}, {513, 89}, {602, 1}});
}

TEST_CASE("a damaged row is data loss, not a crash") {
  RowPacker packer;
  Record record;
  record.event_id = "id";
  record.sequence = 1;
  packer.Add(record);
  JournalRow row = packer.rows()[0];
  row.count = 2;
  Record scratch;
  int visited = 0;
  const Status status = VisitRecords(row, scratch, [&](const Record&) {
    ++visited;
    return true;
  });
  CHECK(status.code == StatusCode::kDataLoss);
  CHECK(status.message.find("record 2") != std::string::npos);
  CHECK(visited == 1);
}

}  // namespace
}  // namespace stagecraft::runtime
