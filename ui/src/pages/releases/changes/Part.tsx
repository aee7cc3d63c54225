// One list of a comparison, folded to its count; open at first when it asks for attention.
import type { ReactNode } from "react";
import styles from "./Changes.module.css";

interface PartProps {
  title: string;
  list: { items: unknown[]; total: number };
  isOpen?: boolean;
  /** Beside the count. */
  mark?: ReactNode;
  children: ReactNode;
}

export function Part({ title, list: { items, total }, isOpen, mark, children }: PartProps) {
  if (total === 0) {
    return (
      <p className={styles.nothing}>
        {title} <span className="number">0</span>
      </p>
    );
  }
  return (
    <details className={styles.part} open={isOpen}>
      <summary>
        <b>{title}</b> <span className="number">{total.toLocaleString("en")}</span> {mark}
      </summary>
      {children}
      {total > items.length && <p className={styles.more}>The first {items.length.toLocaleString("en")} are shown.</p>}
    </details>
  );
}
