// The users, with what each may do and where.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usersQuery } from "../../api/queries";
import type { User } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { Dialog } from "../../components/Dialog";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { Pill } from "../../components/Pill";
import styles from "./PeoplePage.module.css";
import { scopeName, useScopes, type Scopes } from "../../components/scopes";
import { UserForm } from "./UserForm";

const columnsOf = (edit: (user: User) => void, scopes: Scopes): Column<User>[] => [
  { title: "Name", cell: ({ name }) => <b>{name}</b> },
  {
    title: "Roles",
    cell: ({ grants }) => (
      <div className="tight">
        {grants.length === 0 && <span className="muted">none</span>}
        {grants.map(({ role, scope }) => (
          <span key={`${role} ${scope.kind} ${scope.id}`}>
            {role} <span className="muted">on {scopeName(scope, scopes)}</span>
          </span>
        ))}
      </div>
    ),
  },
  { title: "State", cell: ({ is_active }) => (is_active ? <Pill tone="good">Active</Pill> : <Pill tone="quiet">Inactive</Pill>) },
  { title: "Since", from: "tablet", cell: ({ created_at }) => <Instant at={created_at} /> },
  {
    title: "Change",
    cell: (user) =>
      user.actions.includes("update") && (
        <Button size="compact-xs" variant="default" aria-label={`Change ${user.name}`} onClick={() => edit(user)}>
          Change
        </Button>
      ),
  },
];

export function UsersTab() {
  const query = useQuery(usersQuery());
  const scopes = useScopes();
  const [edited, setEdited] = useState<User | "new">();
  return (
    <>
      <div className={styles.bar}>
        <Button size="xs" onClick={() => setEdited("new")}>
          Add user
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) => <DataTable label="Users" columns={columnsOf(setEdited, scopes)} rows={items} keyOf={({ id }) => id} />}
      </Loaded>
      <Dialog
        isOpen={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === "new" ? "Add user" : `Change ${edited?.name}`}
      >
        {edited && <UserForm user={edited === "new" ? undefined : edited} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </>
  );
}
