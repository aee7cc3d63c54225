// What stands where nothing is yet: why it is empty, and what to run or press to change that.
import type { ReactNode } from "react";
import { Command } from "./Command";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  command?: string;
  action?: ReactNode;
}

export function EmptyState({ title, children, command, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.about}>{children}</div>}
      {command && <Command text={command} />}
      {action}
    </div>
  );
}
