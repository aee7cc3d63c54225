// Adds a user, or changes the roles, the password or the state of one.
import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { answer, client } from "../../api/client";
import type { RoleGrant, User } from "../../api/schema";
import { Checkbox } from "../../components/Checkbox";
import { ErrorLine } from "../../components/ErrorState";
import { scopeOf, useScopes, valueOf } from "../../components/scopes";
import styles from "./PeoplePage.module.css";

const roles = ["viewer", "developer", "approver", "security", "administrator"];
const firstGrant: RoleGrant = { role: "viewer", scope: { kind: "everything" } };

export function UserForm({ user, onDone }: { user?: User; onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isActive, setIsActive] = useState(user?.is_active ?? true);
  const [grants, setGrants] = useState<RoleGrant[]>(user?.grants ?? [firstGrant]);
  const save = useMutation({
    mutationFn: () =>
      user
        ? answer(
            client.PATCH("/api/v1/users/{id}", {
              params: { path: { id: user.id } },
              body: { grants, is_active: isActive, password: password || undefined },
            }),
          )
        : answer(client.POST("/api/v1/users", { body: { name, password, grants } })),
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {!user && <TextInput label="Name" required autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} />}
      <PasswordInput
        label={user ? "New password" : "Password"}
        description={user ? "Left empty, it stays as it is." : "At least 12 characters."}
        autoComplete="new-password"
        minLength={12}
        required={!user}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Grants grants={grants} onChange={setGrants} />
      {user && <Checkbox label="May sign in" checked={isActive} onChange={(event) => setIsActive(event.currentTarget.checked)} />}
      <ErrorLine error={save.error} />
      <Button type="submit" loading={save.isPending}>
        {user ? "Save" : "Add user"}
      </Button>
    </form>
  );
}

function Grants({ grants, onChange }: { grants: RoleGrant[]; onChange: (grants: RoleGrant[]) => void }) {
  const scopes = useScopes();
  const change = (index: number, grant: RoleGrant) => onChange(grants.with(index, grant));
  return (
    <fieldset className={styles.grants}>
      <legend>Roles</legend>
      {grants.map((grant, index) => (
        // A grant has no id of its own: its place in the list is what it is known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles.pair}>
          <NativeSelect
            aria-label={`Role ${index + 1}`}
            data={roles}
            value={grant.role}
            onChange={(event) => change(index, { ...grant, role: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={`Scope of role ${index + 1}`}
            data={scopes}
            value={valueOf(grant.scope)}
            onChange={(event) => change(index, { ...grant, scope: scopeOf(event.currentTarget.value) })}
          />
        </div>
      ))}
      <div className="row">
        <Button size="compact-xs" variant="default" onClick={() => onChange([...grants, firstGrant])}>
          Add role
        </Button>
        {grants.length > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => onChange(grants.slice(0, -1))}>
            Remove last
          </Button>
        )}
      </div>
    </fieldset>
  );
}
