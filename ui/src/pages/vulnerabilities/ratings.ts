// Which of the ratings of a vulnerability counts for a first look: the worst, as for findings.
import type { Vulnerability, VulnerabilityRating } from "../../api/schema";
import { severities } from "../../components/words";

/** The worst severity that a standing record gives, or nothing when none is rated. */
export function worstSeverity({ advisories }: Vulnerability): string | undefined {
  const standing = advisories.filter(({ withdrawn }) => !withdrawn);
  const given = new Set(standing.flatMap(({ ratings }) => ratings.map(severityOf)));
  return severities.find((severity) => given.has(severity));
}

/** The severity of a score, or the database's own word where that is one of ours. */
export function severityOf({ severity, value }: VulnerabilityRating): string | undefined {
  if (severity) return severity.toLowerCase();
  const word = value.toLowerCase() === "moderate" ? "medium" : value.toLowerCase();
  return severities.find((each) => each === word);
}
