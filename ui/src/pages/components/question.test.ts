import { expect, test } from "vitest";
import { questionOf } from "./question";

test.each([
  ["log4j-core < 2.17.1", { name: "log4j-core", versions: "<2.17.1" }],
  ["log4j-core >=2.0 <2.17.1", { name: "log4j-core", versions: ">=2.0 <2.17.1" }],
  ["log4j-core 2.14.1", { name: "log4j-core", versions: "=2.14.1" }],
  ["log4j-core@2.14.1", { name: "log4j-core", versions: "=2.14.1" }],
  ["@angular/core", { name: "@angular/core" }],
  ["@angular/core@17.0.0", { name: "@angular/core", versions: "=17.0.0" }],
  ["  left-pad ", { name: "left-pad" }],
  ["pkg:npm/left-pad@1.3.0", { purl: "pkg:npm/left-pad@1.3.0" }],
  ["pkg:rpm/rhel/openssl?arch=x86_64", { purl: "pkg:rpm/rhel/openssl?arch=x86_64" }],
  ["pkg:maven/a/b <2", { purl: "pkg:maven/a/b", versions: "<2" }],
  ["CVE-2021-44228", { vulnerability: "CVE-2021-44228" }],
  ["cve-2021-44228", { vulnerability: "CVE-2021-44228" }],
  ["GHSA-jfh8-c2jp-5v3q", { vulnerability: "GHSA-jfh8-c2jp-5v3q" }],
  ["license: GPL-3.0", { license: "GPL-3.0" }],
  ["licence:MIT", { license: "MIT" }],
  [`sha256:${"ab".repeat(32)}`, { hash: `sha256:${"ab".repeat(32)}` }],
  ["d41d8cd98f00b204e9800998ecf8427e", { hash: "d41d8cd98f00b204e9800998ecf8427e" }],
  ["go-redis", { name: "go-redis" }],
  ["", undefined],
])("%s", (text, question) => {
  expect(questionOf(text)).toEqual(question);
});
