// The quiet page before one is inside: sign-in and first setup.
import { useEffect, type ReactNode } from "react";
import { Brand } from "./Brand";
import styles from "./DoorPage.module.css";

export function DoorPage({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Shipworthy`;
  }, [title]);
  return (
    <main className={styles.door}>
      <div className={styles.card}>
        <Brand />
        <h1>{title}</h1>
        {children}
      </div>
      <p className={styles.motto}>Is this release worthy to ship there, now, and can you prove it?</p>
    </main>
  );
}
