// What a person writes into the question box, read as a question to the API. Pure, so that it can be tested.
import type { WhereQuestion } from "../../api/vulnerabilityQueries";

/** Examples of every kind of question, as somebody would write them. */
export const examples = ["log4j-core <2.17.1", "pkg:npm/lodash", "CVE-2021-44228", "license: GPL-3.0", "sha256:…"] as const;

const digitsOfDigests = new Set([32, 40, 64, 96, 128]);

/** The question that a text asks; nothing for an empty one. */
export function questionOf(text: string): WhereQuestion | undefined {
  const asked = text.trim();
  if (asked === "") return undefined;
  const license = /^licen[cs]e\s*:\s*(.+)$/i.exec(asked)?.[1];
  if (license) return { license };
  if (isDigest(asked)) return { hash: asked };
  const { thing, versions } = apart(asked);
  if (thing.startsWith("pkg:")) return { purl: thing, versions };
  if (!versions && isVulnerability(thing)) return { vulnerability: thing.replace(/^cve-/i, "CVE-") };
  return { name: thing, versions };
}

function isDigest(text: string): boolean {
  const [, algorithm, digits = ""] = /^(?:([a-z0-9-]+):)?([0-9a-f]+)$/i.exec(text) ?? [];
  return digitsOfDigests.has(digits.length) || (algorithm !== undefined && /^(sha|md5|blake)/i.test(algorithm));
}

/** An id of a database of vulnerabilities: letters, then groups with a number among them. */
function isVulnerability(text: string): boolean {
  return /^(CVE|GHSA|OSV|RUSTSEC|PYSEC|GO|MAL|DSA|DLA|USN|RHSA|ALSA|RLSA|SUSE|GSD|SNYK|EUVD|ALPINE|DEBIAN|UBUNTU)-[A-Za-z0-9:.-]*\d/i.test(text);
}

/** `log4j-core <2.17.1`, `log4j-core 2.14.1` and `log4j-core@2.14.1` in their two parts. */
function apart(text: string): { thing: string; versions?: string } {
  const range = text.search(/[<>=!*]/);
  // In a package URL qualifiers have an equals sign, so versions begin after a space there.
  const start = text.startsWith("pkg:") ? text.search(/\s/) : range;
  if (start > 0) return { thing: text.slice(0, start).trim(), versions: tidied(text.slice(start)) };
  if (text.startsWith("pkg:")) return { thing: text };
  const [, thing, version] = /^(\S.*?)(?:\s+|@)v?(\d\S*)$/.exec(text) ?? [];
  return thing && version ? { thing, versions: `=${version}` } : { thing: text };
}

function tidied(versions: string): string {
  const bare = versions.trim().replaceAll(/([<>=!]+)\s+/g, "$1");
  return /^\d/.test(bare) ? `=${bare}` : bare;
}
