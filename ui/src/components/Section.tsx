// A titled part of a page on its own ground.
import { useId, type ReactNode } from "react";
import styles from "./Section.module.css";

interface SectionProps {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** Whether the content reaches the edges, as a table does. */
  isFlush?: boolean;
  children: ReactNode;
}

export function Section({ title, about, actions, isFlush, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {actions}
        {about && <p className={styles.about}>{about}</p>}
      </div>
      <div className={isFlush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
