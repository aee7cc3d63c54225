// What went wrong, in the words of the server, and what to do about it.
import { Button } from "@mantine/core";
import { hasStatus, ProblemError } from "../api/problem";
import { paths } from "../paths";
import styles from "./EmptyState.module.css";
import { Link } from "./Link";

interface ErrorStateProps {
  error: unknown;
  retry?: () => void;
  /** Whether the title stands above already. */
  isUnderTitle?: boolean;
}

export function ErrorState({ error, retry, isUnderTitle }: ErrorStateProps) {
  const { title, detail, hint } = described(error);
  return (
    <div className={styles.empty} role="alert">
      {!isUnderTitle && <p className={styles.title}>{title}</p>}
      {detail && <p className={styles.about}>{detail}</p>}
      {hint && <p className={styles.about}>{hint}</p>}
      <div className="row">
        {retry && !hasStatus(error, 404) && <Button variant="default" size="xs" onClick={retry}>Try again</Button>}
        <Link href={paths.overview()}>Go to the overview</Link>
      </div>
    </div>
  );
}

/** The one line for the place beside a form. */
export function ErrorLine({ error }: { error: unknown }) {
  if (!error) return null;
  const { title, detail, hint } = described(error);
  return (
    <p className={styles.line} role="alert">
      {sentence(detail ?? title)} {hint && sentence(hint)}
    </p>
  );
}

/** What went wrong in a few words. */
export function titleOf(error: unknown): string {
  return described(error).title.replace(/\.$/, "");
}

function described(error: unknown): { title: string; detail?: string; hint?: string } {
  if (hasStatus(error, 404)) {
    return { title: "This is not here", detail: "It was never here, or the address has a typing error in it." };
  }
  if (hasStatus(error, 403)) {
    return {
      title: "You may not do this",
      detail: (error as ProblemError).message,
      hint: (error as ProblemError).hint ?? "Ask an administrator for a role that allows it.",
    };
  }
  if (error instanceof ProblemError) return { title: sentence(error.title), detail: sentence(error.message), hint: error.hint };
  return {
    title: "The server cannot be reached",
    detail: "It may be restarting, or the network is down.",
  };
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
