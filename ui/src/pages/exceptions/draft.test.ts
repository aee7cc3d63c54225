import { expect, test } from "vitest";
import { bodyOf, draftOf } from "./draft";

const now = new Date("2026-11-21T12:00:00Z");

test("the form begins with what the address names and ends in thirty days", () => {
  const draft = draftOf({ policy: "tests-passed", rule: "CVE-2026-1", unknown: "ignored" }, now);
  expect(draft).toMatchObject({ policy: "tests-passed", rule: "CVE-2026-1", purl: "", until: "2026-12-21" });
});

test("what is empty is not sent, and the last day is the instant it begins", () => {
  const draft = { ...draftOf({ rule: " CVE-2026-1 ", service: "cart" }, now), reason: " not reachable " };
  expect(JSON.parse(JSON.stringify(bodyOf(draft)))).toEqual({
    matchers: { rule: "CVE-2026-1" },
    scope: { service: "cart" },
    reason: "not reachable",
    until: "2026-12-21T00:00:00Z",
  });
});
