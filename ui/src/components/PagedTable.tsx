// A table over a list that pages by cursor, with the button that fetches more.
import { Button } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../api/pages";
import { DataTable, type Column } from "./DataTable";
import { Loaded } from "./Loaded";
import styles from "./PagedTable.module.css";

interface PagedTableProps<T> {
  label: string;
  columns: Column<T>[];
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  keyOf: (row: T) => string;
  empty: ReactNode;
}

export function PagedTable<T>({ label, columns, query, keyOf, empty }: PagedTableProps<T>) {
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0) return empty;
        return (
          <>
            <DataTable label={label} columns={columns} rows={rows} keyOf={keyOf} />
            {query.hasNextPage && (
              <div className={styles.more}>
                <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
