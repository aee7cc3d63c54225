// A moment: how long ago to read at a glance, and exactly when on hover, focus or in the clipboard.
import { Tooltip } from "@mantine/core";
import { useNow } from "./now";
import { absoluteTime, relativeTime } from "./time";

export function Instant({ at }: { at: string }) {
  const now = useNow();
  return (
    <Tooltip label={absoluteTime(at)}>
      <time dateTime={at} className="whole">{relativeTime(at, now)}</time>
    </Tooltip>
  );
}
