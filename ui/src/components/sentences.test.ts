import { expect, test } from "vitest";
import { proseOf, shortDigest } from "./sentences";

const digest = `sha256:${"af".repeat(32)}`;

test("a sentence without anything special stays one piece", () => {
  expect(proseOf("every policy passes")).toEqual([
    { kind: "plain", text: "every policy passes", whole: "every policy passes", start: 0 },
  ]);
});

test("code, digests and instants are told apart and keep what they were", () => {
  const sentence = `run \`shipworthy push\`: ${digest} since 2026-11-10T10:13:32.002622Z`;
  expect(proseOf(sentence).map(({ kind, text }) => [kind, text])).toEqual([
    ["plain", "run "],
    ["code", "shipworthy push"],
    ["plain", ": "],
    ["digest", "sha256:afafafafafaf…"],
    ["plain", " since "],
    ["instant", "2026-11-10 10:13 UTC"],
  ]);
  expect(proseOf(sentence).map(({ whole }) => whole).join("")).toBe(sentence);
});

test("markup and a lone backtick are text", () => {
  expect(proseOf("<b>`</b>").map(({ kind }) => kind)).toEqual(["plain"]);
});

test("short values stay whole", () => {
  expect([shortDigest("sha256:abc"), shortDigest("build:jenkins/shop/12"), shortDigest(digest)]).toEqual([
    "sha256:abc",
    "build:jenkins/shop/12",
    "sha256:afafafafafaf…",
  ]);
});
