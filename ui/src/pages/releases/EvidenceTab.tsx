// The documents that count for a release, each with what was understood of it.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { dbomQuery, evidenceListQuery } from "../../api/queries";
import type { Dbom, DbomEvidence, Evidence } from "../../api/schema";
import { Choice } from "../../components/Choice";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { PagedTable } from "../../components/PagedTable";
import { Pill } from "../../components/Pill";
import { Prose } from "../../components/Prose";
import { countOf } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { VerificationPill } from "../../components/verification";
import { phases } from "../../components/words";
import { paths } from "../../paths";
import styles from "./ReleasePage.module.css";

/** What the release's DBOM says of each document: there it counts who may sign for this release. */
type Known = ReadonlyMap<string, DbomEvidence>;

const columnsOf = (known: Known): Column<Evidence>[] => [
  {
    title: "Evidence",
    cell: (evidence) => (
      <div className={styles.title}>
        <Link href={paths.evidence(evidence.id)}>
          <b>{evidence.title}</b>
        </Link>
        <span>{evidence.summary}</span>
      </div>
    ),
  },
  { title: "Phase", cell: ({ phase }) => phase },
  { title: "Tool", from: "desktop", cell: ({ tool }) => tool },
  {
    title: "Signature",
    cell: ({ id, verification, warnings }) => (
      <div className="tight">
        <Signature verification={verification} known={known.get(id)} />
        {warnings > 0 && <Pill tone="warn">{countOf(warnings, "warning")}</Pill>}
      </div>
    ),
  },
  { title: "Submitted", cell: ({ submitted_at }) => <Instant at={submitted_at} /> },
  { title: "By", from: "tablet", cell: ({ submitted_by }) => submitted_by },
  { title: "Document", from: "tablet", cell: ({ id }) => <a href={`/api/v1/evidence/${id}/document`}>download</a> },
];

export function EvidenceTab({ releaseId }: { releaseId: string }) {
  const [{ phase }, change] = useUrlState();
  const query = useInfiniteQuery(evidenceListQuery({ release: releaseId, phase }));
  const { data: dbom } = useQuery(dbomQuery(releaseId));
  return (
    <>
      <div className={styles.panel}>
        <div className="filters">
          <Choice label="Phase" options={phases} value={phase} onChange={(word) => change({ phase: word })} />
        </div>
      </div>
      <PagedTable
        label="Evidence"
        columns={columnsOf(knownOf(dbom))}
        query={query}
        keyOf={({ id }) => id}
        empty={
          <EmptyState title="No evidence here" command="shipworthy push junit.xml coverage.xml sbom.cdx.json --commit <commit>">
            Evidence joins this release when its subject is the commit, the build or an artifact of the release.
          </EmptyState>
        }
      />
    </>
  );
}

function knownOf(dbom?: Dbom): Known {
  return new Map((dbom?.phases ?? []).flatMap(({ evidence }) => evidence.map((one) => [one.id, one] as const)));
}

/** The word, who signed and why it is not believed; of the document alone until it is known of the release. */
function Signature({ verification, known }: { verification: string; known?: DbomEvidence }) {
  const attestations = known?.attestations ?? [];
  const signers = [...new Set(attestations.flatMap(({ signed_by }) => signed_by ?? []))];
  // That nothing is signed needs no reason.
  const reasons = [...new Set(attestations.flatMap((one) => (one.verification === "unsigned" ? [] : (one.why ?? []))))];
  return (
    <>
      <VerificationPill verification={known?.verification ?? verification} />
      {signers.length > 0 && reasons.length === 0 && <span className="muted small wrap">by <Prose text={signers.join(", ")} /></span>}
      {reasons.map((reason) => <span key={reason} className="muted small wrap"><Prose text={reason} /></span>)}
    </>
  );
}
