#include "runtime/model/run.h"

namespace stagecraft::runtime {
namespace {

auto PlaceOf(const std::vector<LastFiring>& firings, std::uint32_t rule) {
  return std::lower_bound(firings.begin(), firings.end(), rule,
                          [](const LastFiring& firing, std::uint32_t key) { return firing.rule < key; });
}

}  // namespace

const Run* Progress::FindRun(std::uint32_t id) const {
  const auto found = std::find_if(runs.begin(), runs.end(), [id](const Run& run) { return run.id == id; });
  return found == runs.end() ? nullptr : &*found;
}

bool Progress::EraseRun(std::uint32_t id) {
  return std::erase_if(runs, [id](const Run& run) { return run.id == id; }) != 0;
}

const LastFiring* Progress::FindLastFiring(std::uint32_t rule) const {
  const auto place = PlaceOf(last_firings, rule);
  return place != last_firings.end() && place->rule == rule ? &*place : nullptr;
}

void Progress::SetLastFiring(std::uint32_t rule, Micros at) {
  const auto place = last_firings.begin() + (PlaceOf(last_firings, rule) - last_firings.cbegin());
  if (place != last_firings.end() && place->rule == rule) {
    place->at = at;
  } else {
    last_firings.insert(place, {rule, at});
  }
}

void Progress::SetReminder(std::int64_t task, Micros due) {
  const auto place =
      std::lower_bound(reminders.begin(), reminders.end(), task, [](const Reminder& each, std::int64_t id) { return each.task < id; });
  const bool is_there = place != reminders.end() && place->task == task;
  if (due == Run::kNever) {
    if (is_there) reminders.erase(place);
  } else if (is_there) {
    place->due = due;
  } else {
    reminders.insert(place, {task, due});
  }
}

const Reminder* Progress::FindReminder(std::int64_t task) const {
  const auto found = std::find_if(reminders.begin(), reminders.end(), [task](const Reminder& each) { return each.task == task; });
  return found == reminders.end() ? nullptr : &*found;
}

}  // namespace stagecraft::runtime
