# METADATA
# title: No failed control of the CIS benchmark
# description: >-
#   The environment was checked against a CIS benchmark, and no control up to the given level failed. A control whose
#   level nobody states counts as level 1.
# custom:
#   id: cis-benchmark
#   phase: deploy
#   severity: high
#   remediation: Harden what the failed controls name, and run the benchmark again.
#   controls:
#     - {framework: CIS Benchmarks, control: Level 1}
#     - {framework: NIST SP 800-53 Rev. 5, control: CM-6}
#     - {framework: NIST SP 800-218 (SSDF), control: PO.5}
#   requires: [deploy.benchmarks]
#   parameters:
#     type: object
#     properties:
#       level: {type: integer, minimum: 1, maximum: 2, default: 1, description: Controls up to this level must not fail}
#       only_scored: {type: boolean, default: true, description: Whether recommendations that are not scored may fail}
#       benchmark: {type: string, default: cis, description: What the name of the benchmark begins with}
package shipworthy.cis_benchmark

meant contains benchmark if {
	some benchmark in input.deploy.benchmarks
	startswith(lower(benchmark.name), lower(data.parameters.benchmark))
}

violations contains violation if {
	count(meant) == 0
	violation := {
		"message": sprintf("no result of a benchmark that begins with \"%s\"", [data.parameters.benchmark]),
		"remediation": "Run the benchmark (kube-bench, for example) and push its report.",
	}
}

violations contains violation if {
	some benchmark in meant
	benchmark.passed + benchmark.failed + benchmark.warned == 0
	violation := {"message": sprintf("%s checked nothing", [benchmark.name])}
}

violations contains violation if {
	some benchmark in meant
	some control in benchmark.failed_controls
	object.get(control, "level", 1) <= data.parameters.level
	counts(control)
	violation := {
		"message": sprintf("%s %s failed: %s", [benchmark.name, control.id, control.title]),
		"finding": control.id,
		"remediation": object.get(control, "remediation", "Harden what the control names."),
	}
}

violations contains violation if {
	some benchmark in meant
	more := benchmark.failed - count(benchmark.failed_controls)
	more > 0
	violation := {"message": sprintf("%s: %d more controls failed that are not named", [benchmark.name, more])}
}

counts(control) if control.is_scored

counts(_) if not data.parameters.only_scored
