# METADATA
# title: The quality gate passed
# description: >-
#   The tool that measures the quality of the source (SonarQube, for example) has a gate of its own, and that gate
#   passed. A tool that computed no gate has not passed it.
# custom:
#   id: quality-gate
#   phase: source
#   severity: high
#   remediation: Open the analysis, mend what the failed conditions name, and analyse the commit again.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: SA-11}
#     - {framework: NIST SP 800-218 (SSDF), control: PW.7}
#   requires: [source.measures.quality_gate]
package shipworthy.quality_gate

gate := input.source.measures.quality_gate

failed := [condition | some condition in gate.conditions; condition.status != "passed"]

violations contains violation if {
	gate.status == "failed"
	count(failed) == 0
	violation := {"message": sprintf("%s failed", [name])}
}

violations contains violation if {
	gate.status == "failed"
	some condition in failed
	violation := {"message": sprintf("%s failed: %s", [name, described(condition)]), "finding": condition.metric}
}

violations contains violation if {
	not gate.status in ["failed", "passed"]
	violation := {
		"message": sprintf("%s has no result", [name]),
		"remediation": "Give the project a quality gate and analyse the commit again.",
	}
}

name := sprintf("quality gate \"%s\"", [gate.name]) if gate.name

name := "the quality gate" if not gate.name

described(condition) := text if {
	text := sprintf("%s is %s, the threshold is %s", [condition.metric, condition.actual, condition.threshold])
} else := sprintf("%s is %s", [condition.metric, condition.actual]) if {
	condition.actual
} else := condition.metric
