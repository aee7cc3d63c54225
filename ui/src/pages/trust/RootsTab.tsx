// The keys and Sigstore instances by which signatures are checked.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { TrustRoot } from "../../api/schema";
import { usePermissions } from "../../api/session";
import { trustRootsQuery } from "../../api/trustQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { Digest } from "../../components/Digest";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { Period } from "./Period";
import { Revocation } from "./Revocation";
import { RootForm } from "./RootForm";
import styles from "./TrustPage.module.css";

const columnsOf = (replace: (root: TrustRoot) => void): Column<TrustRoot>[] => [
  {
    title: "Trust root",
    cell: ({ name, kind }) => (
      <div className="tight">
        <b>{name}</b>
        <span className="muted small">{kind === "key" ? "public key" : "Sigstore instance"}</span>
      </div>
    ),
  },
  { title: "Key", from: "tablet", cell: ({ key_id }) => (key_id ? <Digest value={key_id} label="key id" /> : <span className="muted">as its certificates say</span>) },
  { title: "Counts", cell: (root) => <Period of={root} /> },
  { title: "Added", from: "desktop", cell: ({ created_at, created_by }) => <><Instant at={created_at} /> by {created_by}</> },
  {
    title: "Change",
    cell: (root) => (
      <div className="row">
        {root.actions.includes("replace") && (
          <Button size="compact-xs" variant="default" aria-label={`Replace ${root.name}`} onClick={() => replace(root)}>Replace</Button>
        )}
        {root.actions.includes("revoke") && (
          <Revocation name={root.name} revoke={() => answer(client.DELETE("/api/v1/trust-roots/{id}", { params: { path: { id: root.id } } }))}>
            {root.kind === "key"
              ? "What is signed with this key from now on counts no more. What was signed before still does."
              : "Nothing that this Sigstore instance vouched for counts any more, whenever it was signed."}
          </Revocation>
        )}
      </div>
    ),
  },
];

export function RootsTab() {
  const query = useQuery(trustRootsQuery());
  const mayGovern = usePermissions().has("govern");
  const [edited, setEdited] = useState<TrustRoot | "new">();
  const close = () => setEdited(undefined);
  const add = mayGovern && <Button size="xs" onClick={() => setEdited("new")}>Add trust root</Button>;
  return (
    <>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No trust root yet" action={add} command='shipworthy trust-root add "Jenkins" jenkins.pub'>
              Signatures are kept and not checked until a key or a Sigstore instance is here. Begin with the public key with which your pipeline signs.
            </EmptyState>
          ) : (
            <>
              <div className={styles.bar}><p>By these it is checked who signed. Whether they may is said by the signers.</p>{add}</div>
              <DataTable label="Trust roots" columns={columnsOf(setEdited)} rows={items} keyOf={({ id }) => id} />
            </>
          )
        }
      </Loaded>
      <Dialog isOpen={edited !== undefined} onClose={close} title={edited === "new" ? "Add trust root" : `Replace ${edited?.name}`}>
        {edited && <RootForm root={edited === "new" ? undefined : edited} onDone={close} />}
      </Dialog>
    </>
  );
}
