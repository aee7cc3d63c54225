// Ends the trust in something, after saying what that means.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Dialog } from "../../components/Dialog";
import { ErrorLine } from "../../components/ErrorState";

interface RevocationProps {
  name: string;
  /** What follows from it. */
  children: ReactNode;
  revoke: () => Promise<unknown>;
}

export function Revocation({ name, children, revoke }: RevocationProps) {
  const [isOpen, setIsOpen] = useState(false);
  const revocation = useMutation({
    mutationFn: revoke,
    onSuccess: (_answer, _variables, _result, { client: queries }) => {
      setIsOpen(false);
      return queries.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="compact-xs" variant="default" aria-label={`Revoke ${name}`} onClick={() => setIsOpen(true)}>
        Revoke
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setIsOpen(false)} title={`Revoke ${name}?`}>
        <div className="stack">
          <p>{children} This cannot be undone.</p>
          <ErrorLine error={revocation.error} />
          <div className="row">
            <Button loading={revocation.isPending} onClick={() => revocation.mutate()}>Revoke</Button>
            <Button variant="default" onClick={() => setIsOpen(false)}>Keep</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
