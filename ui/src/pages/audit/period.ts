// The period of the audit page: days in the address, instants in the question.

const dayMs = 86_400_000;

/** The instant at which a day begins, UTC; of what is no day, nothing. */
export function startOf(day: string | undefined): string | undefined {
  return instantOf(day, 0);
}

/** The instant at which a day is over, UTC. */
export function endOf(day: string | undefined): string | undefined {
  return instantOf(day, dayMs);
}

/** The first of the last `days` days, of which today is one. */
export function daysAgo(days: number, now: number): string {
  return new Date(now - (days - 1) * dayMs).toISOString().slice(0, 10);
}

function instantOf(day: string | undefined, later: number): string | undefined {
  const begin = day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  return Number.isNaN(begin) ? undefined : new Date(begin + later).toISOString();
}
