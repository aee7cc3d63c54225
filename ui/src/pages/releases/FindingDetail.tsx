// One finding, folded to its title; unfolded it says how to mend it and where it is known from.
import type { FindingView, Release } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { WebLink } from "../../components/WebLink";
import { witnessWord } from "../../components/words";
import { paths } from "../../paths";
import styles from "./ReleasePage.module.css";

export function FindingDetail({ finding, release }: { finding: FindingView; release: Release }) {
  return (
    <details className={styles.detail}>
      <summary>
        {finding.title} <span className="muted mono">{finding.rule}</span>
      </summary>
      <div>
        {finding.description && <p className={styles.pre}>{finding.description}</p>}
        {finding.remediation && (
          <p>
            <b>What to do: </b>
            {finding.remediation}
          </p>
        )}
        <Facts
          facts={{
            Aliases: finding.aliases.join(", "),
            CVSS: finding.cvss_score?.toFixed(1),
            "Severity as the tool says it": finding.severity_word,
            "Package URL": finding.component?.purl && <span className="mono">{finding.component.purl}</span>,
            Place: finding.location && <span className="mono">{placeOf(finding)}</span>,
            "Fixed in": finding.fixed_versions.join(", "),
            "Seen by": (
              <>
                {finding.witnesses.map(({ format, evidence_id, severity }, index) => (
                  <span key={evidence_id}>
                    {index > 0 && ", "}
                    <Link href={paths.evidence(evidence_id)}>{witnessWord(format)}</Link> ({severity})
                  </span>
                ))}
              </>
            ),
          }}
        />
        {finding.references.length > 0 && (
          <ul>
            {finding.references.map((reference) => (
              <li key={reference}><WebLink address={reference} /></li>
            ))}
          </ul>
        )}
        <div className="row">
          {finding.kind === "vulnerability" && <Link href={paths.vulnerability(finding.rule)}>Everything about {finding.rule}</Link>}
          <Link
            href={paths.newException({
              rule: finding.rule,
              purl: finding.component?.purl,
              application: release.application.name,
              service: release.service.name,
            })}
          >
            Request an exception
          </Link>
        </div>
      </div>
    </details>
  );
}

function placeOf({ location }: FindingView): string {
  return location?.line ? `${location.path}:${location.line}` : (location?.path ?? "");
}
