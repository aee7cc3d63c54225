import { expect, test } from "vitest";
import { timeLeft } from "./clocks";

const now = new Date("2026-11-21T12:00:00Z");

test.each([
  ["2026-11-22T11:05:30Z", "23 hours 5 minutes left"],
  ["2026-11-22T12:00:00Z", "1 day left"],
  ["2026-11-23T16:59:00Z", "2 days 4 hours left"],
  ["2026-11-21T12:00:20Z", "less than a minute left"],
  ["2026-11-21T11:59:00Z", "over for 1 minute"],
  ["2026-11-18T11:00:00Z", "over for 3 days 1 hour"],
  ["2021-12-10T12:00:00Z", "over for 1,807 days"],
  ["not a time", "not a time"],
])("until %s it is %s", (due, words) => {
  expect(timeLeft(due, now)).toBe(words);
});
