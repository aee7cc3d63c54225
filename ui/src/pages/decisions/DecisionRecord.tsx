// What the decision rests on, so that anyone can have it answered again: digests, evidence, replay, signed summary.
import type { DecisionView } from "../../api/schema";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Link } from "../../components/Link";
import { Section } from "../../components/Section";
import { countOf } from "../../components/time";
import { paths } from "../../paths";
import styles from "./DecisionPage.module.css";

export function DecisionRecord({ decision }: { decision: DecisionView }) {
  const api = `/api/v1/decisions/${decision.id}`;
  return (
    <Section
      title="The record"
      about="Replay evaluates the same policies on the same facts again; its answer is the record, byte for byte."
      actions={
        <div className="row">
          <a href={`${api}/record`}>Record</a>
          <a href={`${api}/replay`}>Replay</a>
          <a href={`${api}/attestation`}>Signed summary</a>
        </div>
      }
    >
      <div className="stack">
        <Facts
          facts={{
            Decision: <Digest value={decision.digest} />,
            Facts: <Digest value={decision.facts} />,
            "Gate mode": decision.gate_mode,
            "Unknown facts": decision.unknowns === "closed" ? "stop the release" : "let it pass",
          }}
        />
        <details className={styles.evidence}>
          <summary>Decided on {countOf(decision.evidence.length, "document")} of evidence</summary>
          <ul className={styles.list}>
            {decision.evidence.map(({ id, document, format }) => (
              <li key={id} className="row">
                <Link href={paths.evidence(id)}>{format}</Link> <Digest value={document} />
              </li>
            ))}
          </ul>
        </details>
      </div>
    </Section>
  );
}
