import { expect, test } from "vitest";
import { absoluteTime, countOf, dayOf, relativeTime, sizeOf } from "./time";

const now = new Date("2026-11-21T12:00:00Z");

test.each([
  ["2026-11-21T11:59:30Z", "just now"],
  ["2026-11-21T11:58:00Z", "2 minutes ago"],
  ["2026-11-21T09:00:00Z", "3 hours ago"],
  ["2026-11-20T11:00:00Z", "yesterday"],
  ["2026-11-11T12:00:00Z", "last week"],
  ["2025-10-21T12:00:00Z", "last year"],
  ["2026-11-21T14:00:01Z", "in 2 hours"],
  ["not a time", "not a time"],
])("%s is %s", (instant, words) => {
  expect(relativeTime(instant, now)).toBe(words);
});

test("the exact moment is written in UTC, whatever the offset it came with", () => {
  expect(absoluteTime("2026-11-21T01:30:00.123456+02:00")).toBe("2026-11-20 23:30:00 UTC");
  expect(dayOf("2026-11-21T01:30:00+02:00")).toBe("20 Nov 2026");
});

test("sizes have one unit and counts agree with their noun", () => {
  expect([0, 999, 1000, 48_211, 1_250_000, 2_000_000_000].map(sizeOf)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "48.2 kB",
    "1.3 MB",
    "2.0 GB",
  ]);
  expect([countOf(1, "document"), countOf(1204, "component"), countOf(0, "policy", "policies")]).toEqual([
    "1 document",
    "1,204 components",
    "0 policies",
  ]);
});
