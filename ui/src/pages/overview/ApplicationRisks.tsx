// One line per application: the risk of each phase to look at, its reason on hover and for screen readers.
import { Tooltip } from "@mantine/core";
import type { ApplicationRisk } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Link } from "../../components/Link";
import { RiskPill, capitalised, phases } from "../../components/words";
import { paths } from "../../paths";
import styles from "../../components/RiskMark.module.css";

const columns: Column<ApplicationRisk>[] = [
  {
    title: "Application",
    cell: ({ application, team }) => (
      <div>
        <Link href={paths.application(application.id)}>
          <b>{application.name}</b>
        </Link>
        <div className="muted">{team.name}</div>
      </div>
    ),
  },
  { title: "Risk", cell: ({ level }) => <RiskPill level={level} /> },
  ...phases.map(
    (phase): Column<ApplicationRisk> => ({
      title: capitalised(phase),
      from: "tablet",
      cell: (row) => {
        const risk = row.phases.find((each) => each.phase === phase);
        return risk && (
          <Tooltip label={risk.reason}>
            <span className={styles.mark} data-level={risk.level} tabIndex={0} role="img" aria-label={`${phase}: ${risk.level}, ${risk.reason}`} />
          </Tooltip>
        );
      },
    }),
  ),
  { title: "Services", align: "right", from: "tablet", cell: ({ services }) => services },
  { title: "Running", align: "right", cell: ({ running }) => running },
  { title: "Stopped", align: "right", cell: ({ stopped }) => stopped },
];

export function ApplicationRisks({ applications }: { applications: ApplicationRisk[] }) {
  if (applications.length === 0) {
    return (
      <EmptyState title="No application yet" command="shipworthy release create --application shop --service cart --version 1.0.0">
        An application comes into being with its first release.
      </EmptyState>
    );
  }
  return <DataTable label="Risk by application" columns={columns} rows={applications} keyOf={(row) => row.application.id} />;
}
