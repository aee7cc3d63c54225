// How each word of the API is shown: one place for the colour and the reading of verdicts, outcomes, states and risks.
import type {
  Deployment, ExceptionView, Outcome, Phase, RiskLevel, Severity, Verdict,
} from "../api/schema";
import { Pill, type Tone } from "./Pill";

const verdictTones: Record<Verdict, Tone> = { allow: "good", warn: "warn", deny: "bad" };
const verdictWords: Record<Verdict, string> = { allow: "Allowed", warn: "Allowed with warnings", deny: "Denied" };

export function VerdictPill({ verdict, size }: { verdict: Verdict; size?: "large" }) {
  const word = size || verdict !== "warn" ? verdictWords[verdict] : "Warned";
  return <Pill tone={verdictTones[verdict]} size={size}>{word}</Pill>;
}

const outcomeTones: Record<Outcome, Tone> = { pass: "good", fail: "bad", unknown: "unknown", not_applicable: "quiet" };
const outcomeWords: Record<Outcome, string> = { pass: "Passed", fail: "Failed", unknown: "Unknown", not_applicable: "Not applicable" };

export function OutcomePill({ outcome, tone }: { outcome: Outcome; tone?: Tone }) {
  return <Pill tone={tone ?? outcomeTones[outcome]}>{outcomeWords[outcome]}</Pill>;
}

const riskTones: Record<RiskLevel, Tone> = {
  none: "good", low: "good", medium: "warn", high: "bad", critical: "bad", unknown: "unknown",
};
const riskWords: Record<RiskLevel, string> = {
  none: "No risk", low: "Low", medium: "Medium", high: "High", critical: "Critical", unknown: "Unknown",
};

export function RiskPill({ level }: { level: RiskLevel }) {
  return <Pill tone={riskTones[level]}>{riskWords[level]}</Pill>;
}

const exceptionTones: Record<ExceptionView["state"], Tone> = {
  requested: "warn", approved: "good", rejected: "bad", revoked: "quiet", expired: "quiet",
};

export function ExceptionPill({ state }: { state: ExceptionView["state"] }) {
  return <Pill tone={exceptionTones[state]}>{capitalised(state)}</Pill>;
}

const deploymentTones: Record<Deployment["state"], Tone> = {
  requested: "warn", running: "good", replaced: "quiet", failed: "bad", "rolled-back": "bad",
};

export function DeploymentPill({ state }: { state: string }) {
  const tone = deploymentTones[state as Deployment["state"]] ?? "quiet";
  return <Pill tone={tone}>{capitalised(state.replace("-", " "))}</Pill>;
}

/** Whether what runs is what was built; nothing is said before anything runs. */
export function RightImagePill({ isRight }: { isRight: boolean | null | undefined }) {
  if (isRight === true) return <Pill tone="good">Right image</Pill>;
  if (isRight === false) return <Pill tone="bad">Wrong image</Pill>;
  return <Pill tone="unknown">Image unknown</Pill>;
}

const severityTones: Record<Severity, Tone> = {
  critical: "bad", high: "bad", medium: "warn", low: "quiet", info: "quiet", unknown: "unknown",
};

export function SeverityPill({ severity }: { severity: Severity }) {
  return <Pill tone={severityTones[severity]} hasIcon={false}>{capitalised(severity)}</Pill>;
}

export const severities: Severity[] = ["critical", "high", "medium", "low", "info", "unknown"];
export const phases: Phase[] = ["source", "build", "artifact", "deploy"];

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
