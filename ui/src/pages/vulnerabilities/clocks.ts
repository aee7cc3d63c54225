// The time that a legal clock leaves, as people count it: in hours first, since the shortest one has a day.

const MINUTE_MILLISECONDS = 60_000;

/** "23 hours 5 minutes left", "2 days 4 hours left", "over for 3 days 1 hour". */
export function timeLeft(due: string, now: Date): string {
  const left = Date.parse(due) - now.getTime();
  if (Number.isNaN(left)) return due;
  const length = lengthOf(Math.floor(Math.abs(left) / MINUTE_MILLISECONDS));
  return left >= 0 ? `${length} left` : `over for ${length}`;
}

/** The two greatest units of so many minutes; those below an hour are said only where no day is. */
function lengthOf(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = days > 0 ? [of(days, "day"), of(hours, "hour")] : [of(hours, "hour"), of(minutes % 60, "minute")];
  return parts.filter((part) => !part.startsWith("0 ")).join(" ") || "less than a minute";
}

function of(count: number, unit: string): string {
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(count);
}
