// Until when something is to be mended, and whether that is over; why, on hover or focus.
import { Tooltip } from "@mantine/core";
import type { DueView } from "../api/schema";
import { Pill } from "./Pill";
import { dayOf } from "./time";

export function Due({ due: { at, is_overdue, words } }: { due: DueView }) {
  return (
    <Tooltip label={words}>
      <span className="tight">
        {at ? <time dateTime={at} className="whole">{dayOf(at)}</time> : <span className="muted">no date</span>}
        {is_overdue && <Pill tone="bad">Overdue</Pill>}
      </span>
    </Tooltip>
  );
}
