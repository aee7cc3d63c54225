// The documents that count for a release, each with what was understood of it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { evidenceListQuery } from "../../api/queries";
import type { Evidence } from "../../api/schema";
import { Choice } from "../../components/Choice";
import type { Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Link } from "../../components/Link";
import { PagedTable } from "../../components/PagedTable";
import { Pill } from "../../components/Pill";
import { countOf } from "../../components/time";
import { useUrlState } from "../../components/urlState";
import { phases } from "../../components/words";
import { paths } from "../../paths";
import styles from "./ReleasePage.module.css";

const columns: Column<Evidence>[] = [
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
    from: "tablet",
    cell: ({ verification, warnings }) => (
      <div className="tight">
        <span>{verification === "unsigned" ? "unsigned" : "not verified"}</span>
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
  return (
    <>
      <div className={styles.panel}>
        <div className="filters">
          <Choice label="Phase" options={phases} value={phase} onChange={(word) => change({ phase: word })} />
        </div>
      </div>
      <PagedTable
        label="Evidence"
        columns={columns}
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
