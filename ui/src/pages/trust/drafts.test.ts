import { expect, test } from "vitest";
import { matchedBy, periodOf, predicateTypesOf, predicateWord } from "./drafts";

test("a period begins and ends with a day, and either end may be open", () => {
  expect(periodOf({ from: "2026-01-31", until: "" })).toEqual({ valid_from: "2026-01-31T00:00:00Z", valid_until: undefined });
  expect(periodOf({ from: "", until: "2027-01-31" })).toEqual({ valid_from: undefined, valid_until: "2027-01-31T00:00:00Z" });
});

test("whatever it is has no text, and a text stays when it becomes a pattern", () => {
  expect(matchedBy({ match: "exact", value: "https://ci.example/" }, "pattern")).toEqual({ match: "pattern", value: "https://ci.example/" });
  expect(matchedBy({ match: "exact", value: "https://ci.example/" }, "any")).toEqual({ match: "any" });
  expect(matchedBy({ match: "any" }, "exact")).toEqual({ match: "exact", value: "" });
});

test("types of predicates are chosen and written, each once", () => {
  const provenance = "https://slsa.dev/provenance/v1";
  expect(predicateTypesOf([provenance], ` https://example.org/scan/v1 \n\n${provenance}\n`)).toEqual([provenance, "https://example.org/scan/v1"]);
  expect([provenance, "*", "https://example.org/scan/v1"].map(predicateWord)).toEqual(["Provenance of a build", "anything", "https://example.org/scan/v1"]);
});
