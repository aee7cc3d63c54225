// Sorts the policies of a decision by what they mean to the person who was stopped. Pure, so that it can be tested.
import type { DecisionView, PolicyResult } from "../../api/schema";
import type { Tone } from "../../components/Pill";

export interface Group {
  title: string;
  about?: string;
  tone: Tone;
  isFolded: boolean;
  policies: PolicyResult[];
}

/** Whether every violation is covered by an exception, so that the policy stops nothing. */
export function isExcused({ outcome, violations }: PolicyResult): boolean {
  return outcome === "fail" && violations.length > 0 && violations.every(({ excused_by }) => excused_by.length > 0);
}

/** The groups in the order in which they matter; a group without policies is left out. */
export function groupsOf({ policies, unknowns, gate_mode }: DecisionView): Group[] {
  const isUnknownStopping = unknowns === "closed" && gate_mode === "enforce";
  const failed = policies.filter((policy) => policy.outcome === "fail" && !isExcused(policy));
  const unknown = policies.filter(({ outcome }) => outcome === "unknown");
  const groups: Group[] = [
    {
      title: gate_mode === "enforce" ? "What stops it" : "What would stop it",
      about: gate_mode === "enforce" ? undefined : "This environment's gate does not enforce, so these are warnings here.",
      tone: "bad",
      isFolded: false,
      policies: failed.filter(({ action }) => action === "deny"),
    },
    {
      title: "What is unknown",
      about: isUnknownStopping
        ? "Unknown is not pass: this environment's gate is closed to what has no evidence. Push what is missing and ask again."
        : "There is no evidence to decide by. This environment's gate lets that through.",
      tone: "unknown",
      isFolded: false,
      policies: unknown,
    },
    { title: "Warnings", tone: "warn", isFolded: false, policies: failed.filter(({ action }) => action === "warn") },
    { title: "Excused", about: "Failed, and let through by an exception.", tone: "quiet", isFolded: false, policies: policies.filter(isExcused) },
    { title: "Passed", tone: "good", isFolded: true, policies: policies.filter(({ outcome }) => outcome === "pass") },
    { title: "Not applicable", tone: "quiet", isFolded: true, policies: policies.filter(({ outcome }) => outcome === "not_applicable") },
  ];
  return groups.filter(({ policies: members }) => members.length > 0);
}
