// What is being filled in on the page of trust, and how it is sent and shown. Pure, so that it can be tested.
import type { IdentityRule, Pattern } from "../../api/schema";

/** The first day on which signatures count, and the first on which they count no more; empty for none. */
export interface Days {
  from: string;
  until: string;
}

export const noDays: Days = { from: "", until: "" };

/** The period as the API has it: from the beginning of a day, UTC. */
export function periodOf({ from, until }: Days): { valid_from?: string; valid_until?: string } {
  return { valid_from: from ? `${from}T00:00:00Z` : undefined, valid_until: until ? `${until}T00:00:00Z` : undefined };
}

export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

/** Who signs: the holder of a key, or an identity in a certificate. */
export interface Who {
  kind: "key" | "identity";
  /** The value of the chosen key. */
  key: string;
  identity: IdentityRule;
}

export const nobody: Who = {
  kind: "key",
  key: "",
  identity: { name: { match: "exact", value: "" }, issuer: { match: "exact", value: "" } },
};

/** The same text named in another way; whatever it is has no text. */
export function matchedBy(pattern: Pattern, match: string): Pattern {
  return match === "any" ? { match } : { match, value: pattern.value ?? "" };
}

export function patternText({ match, value }: Pattern): string {
  if (match === "any") return "anybody";
  return value ?? "";
}

/** Types of predicates that are met in practice, with what they say. */
export const commonPredicates: readonly [type: string, meaning: string][] = [
  ["https://slsa.dev/provenance/v1", "Provenance of a build"],
  ["https://slsa.dev/provenance/v0.2", "Provenance, the older form"],
  ["https://slsa.dev/verification_summary/v1", "Summary of a verification"],
  ["https://cyclonedx.org/bom", "SBOM in CycloneDX"],
  ["https://spdx.dev/Document", "SBOM in SPDX"],
  ["https://in-toto.io/attestation/test-result/v0.1", "Result of tests"],
  ["https://in-toto.io/attestation/vulns/v0.1", "Vulnerabilities that a scanner found"],
];

/** What a type of predicate says, for people; one that is not known is shown as it is. */
export function predicateWord(type: string): string {
  if (type === "*") return "anything";
  return commonPredicates.find(([known]) => known === type)?.[1] ?? type;
}

/** The types that are chosen and those that are written, one a line. */
export function predicateTypesOf(chosen: readonly string[], written: string): string[] {
  const lines = written.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return [...new Set([...chosen, ...lines])];
}

/** The JSON in a text, or nothing. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
