// How exposure developed, worked out for the chart: where each bar stands, and what all of them say in a sentence.
import type { TrendDay } from "../../api/schema";
import { dayOf } from "../../components/time";

/** From the ground up: the worst stands where it is compared best. */
export const trendSeverities = ["critical", "high", "medium", "low", "unknown"] as const;

export type TrendSeverity = (typeof trendSeverities)[number];

const DAY_MILLISECONDS = 86_400_000;

/** Fewer days than these leave room at the left, so that one day is not as wide as the page. */
const LEAST_DAYS = 21;

export interface TrendPart {
  severity: TrendSeverity;
  /** How many vulnerabilities are below it, and how many it is of. */
  from: number;
  count: number;
}

export interface TrendColumn {
  day: TrendDay;
  /** Days from the left edge. */
  at: number;
  parts: TrendPart[];
}

export interface TrendShape {
  columns: TrendColumn[];
  firstDay: string;
  lastDay: string;
  /** Days from edge to edge; one that was not counted stays empty. */
  width: number;
  /** The number at the upper edge. */
  height: number;
}

/** The chart of days, of which there is at least one. */
export function shapeOf(days: TrendDay[]): TrendShape {
  const numbers = days.map(({ day }) => numberOf(day));
  const last = Math.max(...numbers);
  const width = Math.max(LEAST_DAYS, last - Math.min(...numbers) + 1);
  const first = last - width + 1;
  return {
    columns: days.map((day) => ({ day, at: numberOf(day.day) - first, parts: partsOf(day) })),
    firstDay: new Date(first * DAY_MILLISECONDS).toISOString().slice(0, 10),
    lastDay: new Date(last * DAY_MILLISECONDS).toISOString().slice(0, 10),
    width,
    height: roundUp(Math.max(...days.map(totalOf))),
  };
}

export function totalOf(day: TrendDay): number {
  return trendSeverities.reduce((sum, severity) => sum + day[severity], 0);
}

/** "7 on 21 Nov 2026: 2 critical, 5 high; 3 fewer than on 1 Nov 2026". */
export function sentenceOf(days: TrendDay[]): string {
  const last = days.at(-1);
  if (!last) return "not counted yet";
  const present = trendSeverities.filter((severity) => last[severity] > 0).map((severity) => `${last[severity]} ${severity}`);
  const counted = `${totalOf(last)} on ${dayOf(last.day)}${present.length > 0 ? `: ${present.join(", ")}` : ""}`;
  const change = changeOf(days);
  return change ? `${counted}; ${change}` : counted;
}

/** "3 fewer than on 1 Nov 2026"; nothing where there is no other day to compare with. */
export function changeOf(days: TrendDay[]): string | undefined {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last || first === last) return undefined;
  const more = totalOf(last) - totalOf(first);
  if (more === 0) return `as many as on ${dayOf(first.day)}`;
  return `${Math.abs(more)} ${more > 0 ? "more" : "fewer"} than on ${dayOf(first.day)}`;
}

/** "12.3 days" of a number that the server gives in tenths. */
export function lengthOf(days: number): string {
  if (days < 0.1) return "under 2 hours";
  return `${days.toLocaleString("en")} ${days === 1 ? "day" : "days"}`;
}

function partsOf(day: TrendDay): TrendPart[] {
  let from = 0;
  return trendSeverities.flatMap((severity) => {
    const part = { severity, from, count: day[severity] };
    from += part.count;
    return part.count > 0 ? [part] : [];
  });
}

/** 1, 2 or 5 with noughts: a number at the edge that the eye can halve. */
function roundUp(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(count, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((edge) => edge >= count) ?? count;
}

function numberOf(day: string): number {
  return Math.floor(Date.parse(day) / DAY_MILLISECONDS);
}
