// What one database says of a vulnerability, folded to a line. Its text is shown as text and never as markup.
import type { AffectedPackage, VulnerabilityAdvisory, VulnerabilityRating } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Instant } from "../../components/Instant";
import { Pill } from "../../components/Pill";
import { countOf } from "../../components/time";
import { WebLink } from "../../components/WebLink";
import { databaseWord, SeverityPill } from "../../components/words";
import { severityOf } from "./ratings";
import styles from "./DatabaseWord.module.css";

export function DatabaseWord({ said, isOpen }: { said: VulnerabilityAdvisory; isOpen: boolean }) {
  const { source, id, title, withdrawn } = said;
  return (
    <details className={styles.word} open={isOpen}>
      <summary>
        <b>{databaseWord(source)}</b> <span className="mono">{id}</span>
        {withdrawn && <> <Pill tone="quiet">Withdrawn</Pill></>}
        {title && <span className="muted wrap"> {title}</span>}
      </summary>
      <div className={styles.body}>
        <Facts
          facts={{
            Published: said.published && <Instant at={said.published} />,
            Changed: said.modified && <Instant at={said.modified} />,
            Withdrawn: withdrawn && <Instant at={withdrawn} />,
            Weakness: said.cwes.length > 0 && <>{said.cwes.map((number) => <Cwe key={number} number={number} />)}</>,
          }}
        />
        <Ratings ratings={said.ratings} />
        {said.details && <p className={styles.text}>{said.details}</p>}
        <Packages packages={said.affected} more={said.more_affected} />
        <References said={said} />
      </div>
    </details>
  );
}

/** A weakness by its number, with the page of the list that describes it. */
function Cwe({ number }: { number: number }) {
  return (
    <a className={styles.cwe} href={`https://cwe.mitre.org/data/definitions/${number}.html`} target="_blank" rel="noopener noreferrer">
      CWE-{number}
    </a>
  );
}

function Ratings({ ratings }: { ratings: VulnerabilityRating[] }) {
  if (ratings.length === 0) return null;
  return (
    <ul className={styles.list}>
      {ratings.map((rating) => {
        const { scheme, value, by, score } = rating;
        const severity = severityOf(rating);
        return (
          <li key={`${scheme} ${value} ${by}`} className={styles.rating}>
            {severity && <SeverityPill severity={severity} />}
            {typeof score === "number" && <b className="number">{score.toFixed(1)}</b>}
            <span className="mono">{value}</span>
            {by && <span className="muted">by {by}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Packages({ packages, more }: { packages: AffectedPackage[]; more: number }) {
  if (packages.length === 0) return null;
  return (
    <div>
      <h3>Affected packages</h3>
      <ul className={styles.list}>
        {packages.map(({ ecosystem, name, ranges, versions, more_versions }) => (
          <li key={[ecosystem, name, ...ranges, versions[0]].join(" ")} className="wrap">
            <b>{name}</b> <span className="muted">{ecosystem}</span> {ranges.join("; ")}
            {versions.length > 0 && <span className="muted"> {ranges.length > 0 && "and "}{versions.join(", ")}</span>}
            {more_versions > 0 && <span className="muted"> and {countOf(more_versions, "more version")}</span>}
          </li>
        ))}
        {more > 0 && <li className="muted">and {countOf(more, "more package")}</li>}
      </ul>
    </div>
  );
}

function References({ said: { references } }: { said: VulnerabilityAdvisory }) {
  if (references.length === 0) return null;
  return (
    <div>
      <h3>References</h3>
      <ul className={styles.list}>
        {references.map(({ url, kind, is_exploit }) => (
          <li key={`${url} ${kind}`}>
            {is_exploit && <><Pill tone="bad">Exploit</Pill> </>}
            <WebLink address={url} /> {kind && <span className="muted">{kind}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
