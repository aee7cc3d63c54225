// The users, with what each may do and where.
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usersQuery } from "../../api/queries";
import type { User } from "../../api/schema";
import { DataTable, type Column } from "../../components/DataTable";
import { Instant } from "../../components/Instant";
import { Loaded } from "../../components/Loaded";
import { Pill } from "../../components/Pill";
import styles from "./PeoplePage.module.css";
import { scopeName } from "../../components/scopes";
import { UserForm } from "./UserForm";

const columnsOf = (edit: (user: User) => void): Column<User>[] => [
  { title: "Name", cell: ({ name }) => <b>{name}</b> },
  {
    title: "Roles",
    cell: ({ grants }) => (
      <div className="tight">
        {grants.length === 0 && <span className="muted">none</span>}
        {grants.map(({ role, scope }) => (
          <span key={`${role} ${scope.kind} ${scope.id}`}>
            {role} <span className="muted">on {scopeName(scope)}</span>
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
  const [edited, setEdited] = useState<User | "new">();
  return (
    <>
      <div className={styles.bar}>
        <Button size="xs" onClick={() => setEdited("new")}>
          Add user
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) => <DataTable label="Users" columns={columnsOf(setEdited)} rows={items} keyOf={({ id }) => id} />}
      </Loaded>
      <Modal
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === "new" ? "Add user" : `Change ${edited?.name}`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {edited && <UserForm user={edited === "new" ? undefined : edited} onDone={() => setEdited(undefined)} />}
      </Modal>
    </>
  );
}
