// Stands in for a page that could not be shown at all.
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "./ErrorState";
import { Page } from "./Page";

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Something went wrong">
      <ErrorState error={error} retry={reset} />
    </Page>
  );
}
