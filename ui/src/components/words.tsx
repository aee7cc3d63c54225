// How each word of the API is shown: one place for the colour and the reading of verdicts, outcomes, states and risks.
// The words are strings on the wire, so one that this UI does not know yet is shown as it is, without colour.
import { Pill, type Tone } from "./Pill";

type Reading = [tone: Tone, word: string];
type Readings = Record<string, Reading>;

const verdictReadings: Readings = {
  allow: ["good", "Allowed"],
  warn: ["warn", "Warned"],
  deny: ["bad", "Denied"],
};

export function VerdictPill({ verdict, size }: { verdict: string; size?: "large" }) {
  const [tone, word] = readingOf(verdictReadings, verdict);
  return <Pill tone={tone} size={size}>{word}</Pill>;
}

const outcomeReadings: Readings = {
  pass: ["good", "Passed"],
  fail: ["bad", "Failed"],
  unknown: ["unknown", "Unknown"],
  not_applicable: ["quiet", "Not applicable"],
};

export function OutcomePill({ outcome, tone }: { outcome: string; tone?: Tone }) {
  const [usual, word] = readingOf(outcomeReadings, outcome);
  return <Pill tone={tone ?? usual}>{word}</Pill>;
}

const riskReadings: Readings = {
  none: ["good", "No risk"],
  low: ["good", "Low"],
  medium: ["warn", "Medium"],
  high: ["bad", "High"],
  critical: ["bad", "Critical"],
  unknown: ["unknown", "Unknown"],
};

export function RiskPill({ level, score }: { level: string; score?: number }) {
  const [tone, word] = readingOf(riskReadings, level);
  return <Pill tone={tone}>{word}{score !== undefined && ` ${score}`}</Pill>;
}

const exceptionReadings: Readings = {
  requested: ["warn", "Requested"],
  approved: ["good", "Approved"],
  rejected: ["bad", "Rejected"],
  revoked: ["quiet", "Revoked"],
  expired: ["quiet", "Expired"],
};

export const exceptionStates = Object.keys(exceptionReadings);

export function ExceptionPill({ state }: { state: string }) {
  const [tone, word] = readingOf(exceptionReadings, state);
  return <Pill tone={tone}>{word}</Pill>;
}

const deploymentReadings: Readings = {
  requested: ["warn", "Requested"],
  running: ["good", "Running"],
  replaced: ["quiet", "Replaced"],
  failed: ["bad", "Failed"],
  "rolled-back": ["bad", "Rolled back"],
};

export function DeploymentPill({ state }: { state: string }) {
  const [tone, word] = readingOf(deploymentReadings, state);
  return <Pill tone={tone}>{word}</Pill>;
}

const gateReadings: Readings = {
  enforce: ["good", "Enforces"],
  warn: ["warn", "Warns only"],
  off: ["quiet", "Off"],
};

export function GatePill({ mode }: { mode: string }) {
  const [tone, word] = readingOf(gateReadings, mode);
  return <Pill tone={tone}>{word}</Pill>;
}

const actionReadings: Readings = {
  deny: ["bad", "Denies"],
  warn: ["warn", "Warns"],
  off: ["quiet", "Off"],
};

export function ActionPill({ action }: { action: string }) {
  const [tone, word] = readingOf(actionReadings, action);
  return <Pill tone={tone} hasIcon={false}>{word}</Pill>;
}

const exposureReadings: Readings = {
  internet: ["warn", "Internet"],
  internal: ["quiet", "Internal"],
  isolated: ["quiet", "Isolated"],
};

/** Who can reach an environment. */
export function ExposurePill({ exposure }: { exposure: string }) {
  const [tone, word] = readingOf(exposureReadings, exposure);
  return <Pill tone={tone} hasIcon={false}>{word}</Pill>;
}

/** Whether what runs is what was built; nothing is said before anything runs. */
export function RightImagePill({ isRight }: { isRight: boolean | null | undefined }) {
  if (isRight === true) return <Pill tone="good">Right image</Pill>;
  if (isRight === false) return <Pill tone="bad">Wrong image</Pill>;
  return <Pill tone="unknown">Image unknown</Pill>;
}

const severityReadings: Readings = {
  critical: ["bad", "Critical"],
  high: ["bad", "High"],
  medium: ["warn", "Medium"],
  low: ["quiet", "Low"],
  info: ["quiet", "Info"],
  unknown: ["unknown", "Unknown"],
};

export const severities = ["critical", "high", "medium", "low", "info", "unknown"] as const;

export function SeverityPill({ severity }: { severity: string }) {
  const [tone, word] = readingOf(severityReadings, severity);
  return <Pill tone={tone} hasIcon={false}>{word}</Pill>;
}

/** Who says that there is a finding: the format of a document, or our own matching. */
export function witnessWord(format: string): string {
  return format === "shipworthy" ? "Shipworthy matching" : format;
}

const databaseNames: Record<string, string> = {
  osv: "OSV",
  github: "GitHub advisories",
  nvd: "NVD",
  cve: "CVE",
  epss: "EPSS",
  "known-exploited": "CISA known exploited",
};

/** A source of vulnerability data by the name that people know. */
export function databaseWord(source: string): string {
  return databaseNames[source] ?? source;
}

export const phases = ["source", "build", "artifact", "deploy"] as const;

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function readingOf(readings: Readings, word: string): Reading {
  return readings[word] ?? ["quiet", capitalised(word.replaceAll("_", " "))];
}
