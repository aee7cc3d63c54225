// The form of an exception as plain words, and what is sent of it. Pure, so that it can be tested.
import type { UrlState } from "../../router";

export interface Draft {
  policy: string;
  rule: string;
  purl: string;
  artifact: string;
  application: string;
  service: string;
  environment: string;
  reason: string;
  justification: string;
  ticket: string;
  /** A day. */
  until: string;
}

const THIRTY_DAYS_MILLISECONDS = 30 * 86_400_000;

/** OpenVEX's reasons why something is not affected. */
export const justifications = [
  { value: "", label: "none: it is not about being unaffected" },
  { value: "component_not_present", label: "the component is not present" },
  { value: "vulnerable_code_not_present", label: "the vulnerable code is not present" },
  { value: "vulnerable_code_not_in_execute_path", label: "the vulnerable code is never run" },
  { value: "vulnerable_code_cannot_be_controlled_by_adversary", label: "an adversary cannot reach the vulnerable code" },
  { value: "inline_mitigations_already_exist", label: "a mitigation is already in place" },
];

/** A form with what the address names, ending in thirty days. */
export function draftOf(named: UrlState, now: Date): Draft {
  const word = (key: string) => named[key] ?? "";
  return {
    policy: word("policy"),
    rule: word("rule"),
    purl: word("purl"),
    artifact: word("artifact"),
    application: word("application"),
    service: word("service"),
    environment: word("environment"),
    reason: "",
    justification: "",
    ticket: "",
    until: new Date(now.getTime() + THIRTY_DAYS_MILLISECONDS).toISOString().slice(0, 10),
  };
}

/** What is sent: nothing that is empty, and the day as the instant it begins. */
export function bodyOf(draft: Draft) {
  const { policy, rule, purl, artifact, application, service, environment, reason, justification, ticket, until } = draft;
  return {
    matchers: { policy: given(policy), rule: given(rule), purl: given(purl), artifact: given(artifact) },
    scope: { application: given(application), service: given(service), environment: given(environment) },
    reason: reason.trim(),
    justification: given(justification),
    ticket: given(ticket),
    until: `${until}T00:00:00Z`,
  };
}

function given(word: string): string | undefined {
  return word.trim() || undefined;
}
