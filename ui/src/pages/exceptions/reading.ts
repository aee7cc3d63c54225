// What an exception covers and where, in words.
import type { ExceptionView } from "../../api/schema";
import { shortDigest } from "../../components/sentences";

export function matcherWords({ policy, rule, purl, artifact }: ExceptionView["matchers"]): string {
  const words = [
    rule,
    purl && (rule ? `in ${purl}` : purl),
    artifact && (rule || purl ? `of ${shortDigest(artifact)}` : `artifact ${shortDigest(artifact)}`),
    policy && (rule || purl || artifact ? `for the policy ${policy}` : `the whole policy ${policy}`),
  ];
  return words.filter(Boolean).join(" ");
}

export function scopeWords({ team, application, service, environment, environment_kind, exposure }: ExceptionView["scope"]): string {
  const words = [
    team && `team ${team.name}`,
    application && `application ${application.name}`,
    service && `service ${service.name}`,
    environment && `in ${environment.name}`,
    environment_kind && `in ${environment_kind} environments`,
    exposure && `where exposed to ${exposure}`,
  ];
  return words.filter(Boolean).join(", ") || "everything";
}
