// The tokens: what each may do, until when, when it was last used; and the one moment in which a secret is shown.
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import { tokensQuery } from "../../api/queries";
import type { Token } from "../../api/schema";
import { Command } from "../../components/Command";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { ErrorLine } from "../../components/ErrorState";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { Pill } from "../../components/Pill";
import { scopeName, useScopes, type Scopes } from "../../components/scopes";
import styles from "./PeoplePage.module.css";
import { TokenForm } from "./TokenForm";

const columnsOf = (scopes: Scopes): Column<Token>[] => [
  {
    title: "Token",
    cell: ({ name, prefix }) => (
      <div className="tight">
        <b>{name}</b>
        <span className="mono muted">{prefix}…</span>
      </div>
    ),
  },
  { title: "May", cell: ({ permissions }) => permissions.join(", ") },
  { title: "Scope", from: "tablet", cell: ({ scope }) => scopeName(scope, scopes) },
  { title: "Owner", from: "tablet", cell: ({ owner }) => owner.name },
  { title: "Last used", from: "desktop", cell: ({ last_used_at }) => (last_used_at ? <Instant at={last_used_at} /> : <span className="muted">never</span>) },
  {
    title: "Expires",
    cell: ({ expires_at, revoked_at }) => (revoked_at ? <Pill tone="quiet">Revoked</Pill> : <Instant at={expires_at} />),
  },
  { title: "Revoke", cell: (token) => token.actions.includes("revoke") && <Revocation token={token} /> },
];

export function TokensTab() {
  const query = useQuery(tokensQuery());
  const scopes = useScopes();
  const [isOpen, setIsOpen] = useState(false);
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setIsOpen(false);
    setSecret(undefined);
  };
  return (
    <>
      <div className={styles.bar}>
        <Button size="xs" onClick={() => setIsOpen(true)}>
          Create token
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No token yet" command="SHIPWORTHY_TOKEN=swt_… shipworthy push sbom.cdx.json">
              A pipeline that pushes evidence needs the permission push; one that asks the gate needs gate.
            </EmptyState>
          ) : (
            <DataTable label="Tokens" columns={columnsOf(scopes)} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      <Dialog isOpen={isOpen} onClose={close} title={secret ? "Copy the secret now" : "Create token"}>
        {secret ? <Secret secret={secret} onDone={close} /> : <TokenForm onCreated={setSecret} />}
      </Dialog>
    </>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className={styles.secret}>
      <p>It is shown this once. The server keeps only a hash of it.</p>
      <Command text={secret} />
      <Button onClick={onDone}>I have kept it</Button>
    </div>
  );
}

function Revocation({ token }: { token: Token }) {
  const revoke = useMutation({
    mutationFn: () => answer(client.DELETE("/api/v1/tokens/{id}", { params: { path: { id: token.id } } })),
    onSuccess: (_answer, _variables, _result, { client: queries }) => queries.invalidateQueries(),
  });
  return (
    <>
      <Button size="compact-xs" variant="default" aria-label={`Revoke ${token.name}`} loading={revoke.isPending} onClick={() => revoke.mutate()}>
        Revoke
      </Button>
      <ErrorLine error={revoke.error} />
    </>
  );
}
