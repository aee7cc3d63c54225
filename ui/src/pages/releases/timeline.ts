// Where each thing that happened to a release stands on its timeline. Pure, so that it can be tested without a page.
import type { Dbom, DecisionSummary, Deployment } from "../../api/schema";
import type { Tone } from "../../components/Pill";
import { dayOf } from "../../components/time";
import { paths } from "../../paths";

export interface Mark {
  kind: "evidence" | "decision" | "deployment";
  phase: string;
  at: string;
  label: string;
  href: string;
  tone: Tone;
}

/** Marks that would overlap, drawn as one. */
export interface Cluster {
  phase: string;
  /** From the left, 0 to 100. */
  position: number;
  marks: Mark[];
}

export interface Timeline {
  clusters: Cluster[];
  ticks: { position: number; label: string }[];
}

/** Marks of one phase nearer than this, in per cent of the width, become one. */
const NEAR = 3.2;
/** Labels of the axis keep this distance. */
const TICK_DISTANCE = 18;
/** From here on a label is written to the left of its place, so it needs twice the room. */
export const RIGHT_EDGE = 90;

const verdictTones: Record<string, Tone> = { allow: "good", warn: "warn", deny: "bad" };

export function timelineOf(dbom: Dbom, decisions: DecisionSummary[], deployments: Deployment[]): Timeline {
  const marks = [...evidenceMarks(dbom), ...decisions.map(decisionMark), ...deployments.map(deploymentMark)];
  const instants = [...new Set(marks.map(({ at }) => Date.parse(at)))].toSorted((a, b) => a - b);
  const positions = spread(instants);
  const positionOf = (at: string) => positions.get(Date.parse(at)) ?? 0;
  return { clusters: clustered(marks, positionOf), ticks: ticksOf(instants, positions) };
}

function evidenceMarks(dbom: Dbom): Mark[] {
  return dbom.phases.flatMap(({ phase, evidence }) =>
    evidence.map((each) => ({
      kind: "evidence" as const,
      phase,
      at: each.submitted_at,
      label: `${each.format}: ${each.summary}`,
      href: paths.evidence(each.id),
      tone: "quiet" as const,
    })),
  );
}

function decisionMark({ id, verdict, environment, decided_at }: DecisionSummary): Mark {
  const label = `decision for ${environment.name}: ${verdict}`;
  return { kind: "decision", phase: "deploy", at: decided_at, label, href: paths.decision(id), tone: verdictTones[verdict] ?? "quiet" };
}

function deploymentMark({ release, environment, state, started_at }: Deployment): Mark {
  const tone = state === "failed" || state === "rolled-back" ? "bad" : state === "running" ? "good" : "quiet";
  const label = `deployment to ${environment.name}: ${state}`;
  return { kind: "deployment", phase: "deploy", at: started_at, label, href: paths.release(release.id, { tab: "deployments" }), tone };
}

/** A pause of a week takes more room than one of a minute, but not ten thousand times more. */
function spread(instants: number[]): Map<number, number> {
  let sum = 0;
  const sums = instants.map((instant, index) => {
    const minutes = index === 0 ? 0 : (instant - (instants[index - 1] ?? instant)) / 60_000;
    sum += index === 0 ? 0 : Math.log2(1.2 + minutes);
    return sum;
  });
  return new Map(instants.map((instant, index) => [instant, sum === 0 ? 50 : ((sums[index] ?? 0) / sum) * 100]));
}

function clustered(marks: Mark[], positionOf: (at: string) => number): Cluster[] {
  const clusters: Cluster[] = [];
  for (const mark of marks.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const position = positionOf(mark.at);
    const last = clusters.findLast(({ phase }) => phase === mark.phase);
    if (last && position - last.position < NEAR) last.marks.push(mark);
    else clusters.push({ phase: mark.phase, position, marks: [mark] });
  }
  return clusters;
}

function ticksOf(instants: number[], positions: Map<number, number>): Timeline["ticks"] {
  const ticks: Timeline["ticks"] = [];
  for (const instant of instants) {
    const position = positions.get(instant) ?? 0;
    const day = dayOf(new Date(instant).toISOString()).replace(/ \d{4}$/, "");
    const last = ticks.at(-1);
    if (last?.label === day) continue;
    const distance = position > RIGHT_EDGE ? 2 * TICK_DISTANCE : TICK_DISTANCE;
    const isTooNear = last !== undefined && position - last.position < distance;
    // The newest day is worth more than the one before it.
    if (isTooNear && position > RIGHT_EDGE && ticks.length > 1) ticks.pop();
    else if (isTooNear) continue;
    ticks.push({ position, label: day });
  }
  return ticks;
}
