import { expect, test } from "vitest";
import type { TrendDay } from "../../api/schema";
import { changeOf, lengthOf, sentenceOf, shapeOf } from "./trend";

function day(date: string, counts: Partial<TrendDay> = {}): TrendDay {
  const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, known_exploited: 0, overdue: 0, highest_risk: 0 };
  return { ...none, ...counts, day: date };
}

test("a single day stands at the right edge, the worst at the bottom", () => {
  const shape = shapeOf([day("2026-11-21", { critical: 2, medium: 5, unknown: 1 })]);
  expect(shape).toMatchObject({ firstDay: "2026-11-01", lastDay: "2026-11-21", width: 21, height: 10 });
  expect(shape.columns.map(({ at }) => at)).toEqual([20]);
  expect(shape.columns[0]?.parts).toEqual([
    { severity: "critical", from: 0, count: 2 },
    { severity: "medium", from: 2, count: 5 },
    { severity: "unknown", from: 7, count: 1 },
  ]);
});

test("a day on which nothing was counted leaves its place empty", () => {
  const { columns, width } = shapeOf([day("2026-10-01"), day("2026-10-02"), day("2026-11-21")]);
  expect(width).toBe(52);
  expect(columns.map(({ at }) => at)).toEqual([0, 1, 51]);
});

test.each([[0, 1], [1, 1], [3, 5], [10, 10], [11, 20], [501, 1000]])("above %i the chart ends at %i", (count, edge) => {
  expect(shapeOf([day("2026-11-21", { low: count })]).height).toBe(edge);
});

test("the sentence says what the last day has and what changed", () => {
  const one = [day("2026-11-21", { critical: 2, high: 5 })];
  expect(sentenceOf(one)).toBe("7 on 21 Nov 2026: 2 critical, 5 high");
  expect(sentenceOf([day("2026-11-01", { low: 10 }), ...one])).toBe("7 on 21 Nov 2026: 2 critical, 5 high; 3 fewer than on 1 Nov 2026");
  expect(changeOf([day("2026-11-01", { low: 6 }), ...one])).toBe("1 more than on 1 Nov 2026");
  expect(changeOf([day("2026-11-01", { low: 7 }), ...one])).toBe("as many as on 1 Nov 2026");
  expect(changeOf(one)).toBeUndefined();
  expect(sentenceOf([day("2026-11-21")])).toBe("0 on 21 Nov 2026");
});

test("a length is in days", () => {
  expect([0, 0.1, 1, 12.3, 1200].map(lengthOf)).toEqual(["under 2 hours", "0.1 days", "1 day", "12.3 days", "1,200 days"]);
});
