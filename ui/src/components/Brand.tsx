// The sign of the product and its name.
import styles from "./Brand.module.css";

export function Brand() {
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0f5c6e" />
        <path d="M6 18.5h20l-3.2 6.2a2 2 0 0 1-1.8 1.1H11a2 2 0 0 1-1.8-1.1z" fill="#fff" />
        <path d="m10.4 11.2 4 4 7.4-8" fill="none" stroke="#7fe0c3" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <span className={styles.name}>Shipworthy</span>
    </span>
  );
}
