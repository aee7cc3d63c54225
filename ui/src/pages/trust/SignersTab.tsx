// The rules that say who may sign what for which applications.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { Signer } from "../../api/schema";
import { usePermissions } from "../../api/session";
import { signersQuery, trustRootsQuery } from "../../api/trustQueries";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { patternText, predicateWord } from "./drafts";
import { Period } from "./Period";
import { Revocation } from "./Revocation";
import { SignerForm } from "./SignerForm";
import styles from "./TrustPage.module.css";

const columns: Column<Signer>[] = [
  { title: "Signer", cell: (signer) => <div className="tight"><b>{signer.name}</b><WhoSigns signer={signer} /></div> },
  {
    title: "May say",
    from: "tablet",
    cell: ({ predicate_types }) => (
      <ul className={styles.words}>{predicate_types.map((type) => <li key={type} title={type}>{predicateWord(type)}</li>)}</ul>
    ),
  },
  { title: "For", cell: ({ scope }) => (scope.name ? `${scope.kind} ${scope.name}` : scope.kind) },
  { title: "Counts", cell: (signer) => <Period of={signer} /> },
  { title: "Added", from: "desktop", cell: ({ created_at, created_by }) => <><Instant at={created_at} /> by {created_by}</> },
  {
    title: "Change",
    cell: (signer) =>
      signer.actions.includes("revoke") && (
        <Revocation name={signer.name} revoke={() => answer(client.DELETE("/api/v1/signers/{id}", { params: { path: { id: signer.id } } }))}>
          Nothing counts by this rule any more, whenever it was signed.
        </Revocation>
      ),
  },
];

export function SignersTab() {
  const query = useQuery(signersQuery());
  const { data: roots } = useQuery(trustRootsQuery());
  const mayGovern = usePermissions().has("govern");
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const add = mayGovern && <Button size="xs" onClick={() => setIsOpen(true)}>Add signer</Button>;
  return (
    <>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No signer yet" action={add}>
              {roots?.items.length === 0
                ? "Add a trust root first: a rule names a key that is there, or an identity that a Sigstore instance vouches for."
                : "Without a rule every signature is of an unknown signer. Say whose provenance counts for which application."}
            </EmptyState>
          ) : (
            <>
              <div className={styles.bar}><p>A signature counts for a release when a rule lets its signer say this of its application.</p>{add}</div>
              <DataTable label="Signers" columns={columns} rows={items} keyOf={({ id }) => id} />
            </>
          )
        }
      </Loaded>
      <Dialog isOpen={isOpen} onClose={close} title="Add signer">
        <SignerForm onDone={close} />
      </Dialog>
    </>
  );
}

function WhoSigns({ signer: { key, identity } }: { signer: Signer }) {
  if (key) return <span className="muted small">the key {key.name}</span>;
  if (!identity) return null;
  return (
    <span className="muted small wrap">
      {patternText(identity.name)}, vouched for by {patternText(identity.issuer)}
    </span>
  );
}
