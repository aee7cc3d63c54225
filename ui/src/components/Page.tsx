// The head of a page: where it is, its title (also of the browser's tab), what it is about, and what can be done here.
import { useEffect, type ReactNode } from "react";
import { Link } from "./Link";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  /** Shown before the title, such as a verdict. */
  mark?: ReactNode;
  /** The pages above this one. */
  trail?: { label: string; href: string }[];
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, mark, trail, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Shipworthy`;
  }, [title]);
  return (
    <>
      <div className={styles.head}>
        {trail && trail.length > 0 && (
          <nav aria-label="Breadcrumbs">
            <ol className={styles.trail}>
              {trail.map(({ label, href }) => (
                <li key={href}>
                  <Link href={href}>{label}</Link>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <div className={styles.line}>
          <div className={styles.title}>
            {mark}
            <h1 className="wrap">{title}</h1>
          </div>
          {actions && <div className="row">{actions}</div>}
        </div>
        {about && <div className={styles.about}>{about}</div>}
      </div>
      <div className="stack">{children}</div>
    </>
  );
}
