import { expect, test } from "vitest";
import { pathOfObject, paths } from "./paths";

test("every address of the UI is in one snapshot", () => {
  const search = { tab: "findings", q: "log4j & more" };
  const all = {
    overview: paths.overview(),
    signIn: paths.signIn({ next: "/releases?q=1" }),
    setup: paths.setup(),
    applications: paths.applications(),
    application: paths.application("0199"),
    releases: paths.releases({ q: "2.4.0" }),
    release: paths.release("0199", search),
    evidence: paths.evidence("0199"),
    vulnerabilities: paths.vulnerabilities({ severity: "critical,high" }),
    vulnerability: paths.vulnerability("CVE-2021-44228"),
    components: paths.components({ where: "log4j-core <2.17.1" }),
    component: paths.component(42),
    decisions: paths.decisions({ verdict: "deny" }),
    decision: paths.decision("0199"),
    policies: paths.policies(),
    policy: paths.policy("tests passed/1"),
    exceptions: paths.exceptions({ state: "requested" }),
    newException: paths.newException({ policy: "licenses", rule: undefined }),
    exception: paths.exception("0199"),
    environments: paths.environments(),
    trust: paths.trust({ tab: "signers" }),
    people: paths.people({ tab: "tokens" }),
    audit: paths.audit({ actor: "maria" }),
  };
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(paths).toSorted());
  expect(all).toMatchSnapshot();
});

test("a change leads to the page of what it is about, where that has one", () => {
  expect(pathOfObject("release", "0199")).toBe("/releases/0199");
  expect(pathOfObject("policy", "0199", "tests-passed")).toBe("/policies/tests-passed");
  expect(pathOfObject("token", "0199")).toBe("/people?tab=tokens");
  expect(pathOfObject("signer", "0199")).toBe("/trust?tab=signers");
  expect(pathOfObject("setup", "0199")).toBeUndefined();
});
