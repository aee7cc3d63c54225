import { expect, test } from "vitest";
import type { Dbom, DecisionSummary } from "../../api/schema";
import { timelineOf } from "./timeline";

const evidence = (id: string, submitted_at: string) => ({
  id,
  submitted_at,
  document: `sha256:${id}`,
  format: "junit",
  submitted_by: "ci",
  subjects: [],
  verification: "unsigned",
  summary: "4 tests",
});

const dbom = (build: ReturnType<typeof evidence>[]) =>
  ({ phases: [{ phase: "build", evidence: build, facts: [], missing: [] }] }) as unknown as Dbom;

const decision = (decided_at: string) =>
  ({ id: "d", verdict: "deny", environment: { id: "e", name: "production" }, decided_at }) as DecisionSummary;

test("what happened first stands left and what happened last stands right", () => {
  const { clusters } = timelineOf(dbom([evidence("a", "2026-11-01T10:00:00Z")]), [decision("2026-11-21T10:00:00Z")], []);
  expect(clusters.map(({ phase, position }) => [phase, position])).toEqual([
    ["build", 0],
    ["deploy", 100],
  ]);
});

test("marks of one phase at the same moment are drawn as one", () => {
  const together = [evidence("a", "2026-11-01T10:00:00Z"), evidence("b", "2026-11-01T10:00:00Z")];
  const { clusters } = timelineOf(dbom(together), [decision("2026-11-02T10:00:00Z")], []);
  expect(clusters.map(({ marks }) => marks.length)).toEqual([2, 1]);
});

test("a single moment stands in the middle, and a release without anything has an empty timeline", () => {
  expect(timelineOf(dbom([evidence("a", "2026-11-01T10:00:00Z")]), [], []).clusters[0]?.position).toBe(50);
  expect(timelineOf(dbom([]), [], [])).toEqual({ clusters: [], ticks: [] });
});

test("days are written once and far enough apart to be read", () => {
  const days = Array.from({ length: 12 }, (_, day) => evidence(`e${day}`, new Date(Date.UTC(2026, 10, day + 1)).toISOString()));
  const { ticks } = timelineOf(dbom(days), [], []);
  const gaps = ticks.slice(1).map(({ position }, index) => position - (ticks[index]?.position ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(14);
  expect(ticks[0]?.label).toBe("1 Nov");
});
