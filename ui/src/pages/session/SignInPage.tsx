// Signing in. Afterwards the page that was asked for is shown.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { setupQuery, signIn } from "../../api/session";
import { DoorPage } from "../../components/DoorPage";
import { ErrorLine } from "../../components/ErrorState";
import { useUrlState } from "../../components/urlState";
import { paths } from "../../paths";

export function SignInPage() {
  const [{ next }] = useUrlState();
  const { data: setup } = useQuery(setupQuery);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const queries = useQueryClient();
  const router = useRouter();
  const attempt = useMutation({
    mutationFn: () => signIn(queries, { name, password }),
    onSuccess: () => router.navigate({ href: placeInside(next), replace: true }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };

  if (setup?.is_open) {
    return (
      <DoorPage title="Not set up yet">
        <p>
          This server has no user. Whoever started it finds a one-time setup link in its output: open that link to make
          the first administrator.
        </p>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Sign in">
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ErrorLine error={attempt.error} />
        <Button type="submit" loading={attempt.isPending}>
          Sign in
        </Button>
      </form>
    </DoorPage>
  );
}

/** Only a path of this UI is followed; an address of another host is not. */
function placeInside(next: string | undefined): string {
  const isInside = next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\");
  return next && isInside ? next : paths.overview();
}
