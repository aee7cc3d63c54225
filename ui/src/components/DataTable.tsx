// A table of things of one kind. Columns that matter less leave when the screen is narrow; what is still too wide scrolls.
import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  align?: "right";
  /** Shown only from this width on. */
  from?: "tablet" | "desktop";
}

interface DataTableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

export function DataTable<T>({ label, columns, rows, keyOf }: DataTableProps<T>) {
  return (
    <div className={styles.scroll} role="group" aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title, align, from }) => (
              <th key={title} scope="col" data-align={align} data-from={from}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) => {
                const Cell = index === 0 ? "th" : "td";
                return (
                  <Cell key={column.title} scope={index === 0 ? "row" : undefined} data-align={column.align} data-from={column.from}>
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
