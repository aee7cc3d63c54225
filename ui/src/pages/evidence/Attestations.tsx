// What was signed in a document: what verification says of it, why, who signed, and every check that was made.
import { useQuery } from "@tanstack/react-query";
import type { AttestationSigner, EvidenceAttestation } from "../../api/schema";
import { evidenceAttestationsQuery } from "../../api/trustQueries";
import { Digest } from "../../components/Digest";
import { Facts } from "../../components/Facts";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { Prose } from "../../components/Prose";
import { Section } from "../../components/Section";
import { StepPill, VerificationPill, verificationMeaning } from "../../components/verification";
import { paths } from "../../paths";
import styles from "./Attestations.module.css";

export function Attestations({ evidenceId }: { evidenceId: string }) {
  const { data } = useQuery(evidenceAttestationsQuery(evidenceId));
  if (!data || data.items.length === 0) return null;
  return (
    <Section
      title="Signatures"
      about={<>Checked by the <Link href={paths.trust()}>trust roots</Link>. Whether a signer may say it of a release is on the page of the release.</>}
    >
      <div className="stack">
        {data.items.map((attestation) => <Attestation key={keyOf(attestation)} attestation={attestation} />)}
      </div>
    </Section>
  );
}

/** Attestations have no id; two that say the same of the same are one. */
function keyOf({ form, predicate_type, subjects, signed_by, claimed }: EvidenceAttestation): string {
  return JSON.stringify([form, predicate_type, subjects, signed_by, claimed]);
}

function Attestation({ attestation }: { attestation: EvidenceAttestation }) {
  const { form, predicate_type, verification, why, signed_by, claimed, signed_at, subjects, steps } = attestation;
  const meaning = why ?? verificationMeaning(verification);
  return (
    <article className={styles.attestation} aria-label={predicate_type ?? form}>
      <div className={styles.head}>
        <VerificationPill verification={verification} />
        {meaning && <span><Prose text={meaning} /></span>}
      </div>
      <Facts
        facts={{
          Says: predicate_type && <span className="mono">{predicate_type}</span>,
          Form: form,
          "Signed by": signed_by.length > 0 && <Signers signers={signed_by} />,
          "Claims to be signed by": claimed.length > 0 && <Signers signers={claimed} />,
          "Signed at": signed_at ? <Instant at={signed_at} /> : "nobody trusted says when; the time of its arrival counts",
          Subjects: subjects.length > 0 && (
            <ul className={styles.list}>
              {subjects.map(({ name, digests }) => (
                <li key={`${name}${digests[0]}`}>
                  {name && <span className="wrap">{name} </span>}
                  {digests.map((digest) => <Digest key={digest} value={digest} />)}
                </li>
              ))}
            </ul>
          ),
        }}
      />
      <ol className={styles.steps} aria-label="Checks">
        {steps.map(({ name, result, words }) => (
          <li key={name}>
            <StepPill result={result} />
            <span className="wrap"><Prose text={words} /></span>
          </li>
        ))}
      </ol>
    </article>
  );
}

function Signers({ signers }: { signers: AttestationSigner[] }) {
  return (
    <ul className={styles.list}>
      {signers.map(({ name, key_id, identity, issuer }) => (
        <li key={key_id ?? identity ?? name} className="wrap" title={key_id ?? undefined}>
          <Prose text={name} />
          {issuer && !name.includes(issuer) && <span className="muted">, vouched for by {issuer}</span>}
        </li>
      ))}
    </ul>
  );
}
