// The grey shape of a page while it is on its way.
import { Skeleton } from "@mantine/core";

export function PageSkeleton() {
  return (
    <div className="stack" role="status" aria-label="Loading">
      <Skeleton height={28} width={240} />
      <Skeleton height={120} />
      <Skeleton height={240} />
    </div>
  );
}
