import { expect, test } from "vitest";
import type { DecisionView, PolicyResult } from "../../api/schema";
import { groupsOf } from "./groups";

const violation = (isExcused: boolean) => ({
  message: "too many",
  excused_by: isExcused ? [{ exception: "x", until: "2026-12-01T00:00:00Z" }] : [],
});

const policy = (name: string, rest: Partial<PolicyResult>) =>
  ({ name, action: "deny", outcome: "pass", violations: [], reasons: [], ...rest }) as PolicyResult;

const policies = [
  policy("passes", {}),
  policy("stops", { outcome: "fail", violations: [violation(true), violation(false)] }),
  policy("warns", { outcome: "fail", action: "warn", violations: [violation(false)] }),
  policy("is-excused", { outcome: "fail", violations: [violation(true)] }),
  policy("is-unknown", { outcome: "unknown" }),
  policy("does-not-apply", { outcome: "not_applicable" }),
];

const groups = (settings: Partial<DecisionView>) =>
  groupsOf({ gate_mode: "enforce", unknowns: "closed", policies, ...settings } as DecisionView);

test("what stops a release comes first, then what is unknown, and what passed is folded", () => {
  expect(groups({}).map(({ title, isFolded, policies: members }) => [title, isFolded, members.map(({ name }) => name)])).toEqual([
    ["What stops it", false, ["stops"]],
    ["What is unknown", false, ["is-unknown"]],
    ["Warnings", false, ["warns"]],
    ["Excused", false, ["is-excused"]],
    ["Passed", true, ["passes"]],
    ["Not applicable", true, ["does-not-apply"]],
  ]);
});

test("a gate that only warns says what would stop the release", () => {
  expect(groups({ gate_mode: "warn" })[0]?.title).toBe("What would stop it");
});

test("a group without policies is left out", () => {
  expect(groups({ policies: [policy("passes", {})] }).map(({ title }) => title)).toEqual(["Passed"]);
});
