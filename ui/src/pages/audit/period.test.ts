import { expect, test } from "vitest";
import { daysAgo, endOf, startOf } from "./period";

test("a period has its first and its last day whole", () => {
  expect(startOf("2026-03-01")).toBe("2026-03-01T00:00:00.000Z");
  expect(endOf("2026-03-31")).toBe("2026-04-01T00:00:00.000Z");
  expect(daysAgo(7, Date.parse("2026-03-07T23:59:59Z"))).toBe("2026-03-01");
});

test("what is no day is no bound", () => {
  for (const day of [undefined, "", "yesterday", "2026-02-40"]) expect([startOf(day), endOf(day)]).toEqual([undefined, undefined]);
});
