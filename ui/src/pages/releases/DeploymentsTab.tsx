// Where the release went, and who approved that it may.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { approvalsQuery, deploymentsQuery } from "../../api/queries";
import type { Approval, Deployment, Release } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { Digest } from "../../components/Digest";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { PagedTable } from "../../components/PagedTable";
import { DeploymentPill, RightImagePill } from "../../components/words";
import styles from "./ReleasePage.module.css";

const deploymentColumns: Column<Deployment>[] = [
  { title: "Environment", cell: ({ environment }) => <b>{environment.name}</b> },
  { title: "State", cell: ({ state }) => <DeploymentPill state={state} /> },
  {
    title: "Running",
    cell: ({ running, is_right_image }) => (
      <div className="tight">
        <span>
          <RightImagePill isRight={is_right_image} />
        </span>
        {running.map((digest) => (
          <Digest key={digest} value={digest} />
        ))}
      </div>
    ),
  },
  { title: "Started", cell: ({ started_at, started_by }) => <><Instant at={started_at} /> by {started_by}</> },
  { title: "Changed", from: "tablet", cell: ({ changed_at }) => <Instant at={changed_at} /> },
  { title: "Tool", from: "desktop", cell: ({ tool }) => tool },
];

const approvalColumns: Column<Approval>[] = [
  { title: "Environment", cell: ({ environment }) => <b>{environment.name}</b> },
  { title: "Approved by", cell: ({ approved_by }) => approved_by.name },
  { title: "Comment", cell: ({ comment }) => <span className="wrap">{comment}</span> },
  { title: "When", cell: ({ approved_at }) => <Instant at={approved_at} /> },
];

export function DeploymentsTab({ release }: { release: Release }) {
  const deployments = useInfiniteQuery(deploymentsQuery({ release: release.id }));
  const approvals = useQuery(approvalsQuery(release.id));
  return (
    <>
      <h2 className={styles.none}>Deployments</h2>
      <PagedTable
        label="Deployments"
        columns={deploymentColumns}
        query={deployments}
        keyOf={({ id }) => id}
        empty={
          <EmptyState title="Deployed nowhere yet" command={`shipworthy deployment start --release ${release.id} --environment staging`}>
            Let the tool that deploys say when it starts and which digests run when it is done.
          </EmptyState>
        }
      />
      <h2 className={styles.none}>Approvals</h2>
      <Loaded query={approvals}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nobody has approved this release">An approver does so with the button Approve above, for one environment.</EmptyState>
          ) : (
            <DataTable label="Approvals" columns={approvalColumns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
    </>
  );
}
