# METADATA
# title: The tests cover enough
# description: The tests run at least a given part of the lines, and of the branches where that is asked for.
# custom:
#   id: minimum-coverage
#   phase: build
#   severity: medium
#   remediation: Write tests for what no test runs; the coverage report names the lines.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: SA-11}
#     - {framework: NIST SP 800-218 (SSDF), control: PW.8}
#   requires: [build.coverage.line_percent]
#   parameters:
#     type: object
#     properties:
#       line_percent: {type: number, minimum: 0, maximum: 100, default: 70, description: Least part of the lines in per cent}
#       branch_percent: {type: number, minimum: 0, maximum: 100, default: 0, description: Least part of the branches in per cent; 0 to not ask}
package shipworthy.minimum_coverage

violations contains violation if {
	input.build.coverage.line_percent < data.parameters.line_percent
	violation := {"message": sprintf("%s%% of the lines are covered, at least %s%% must be", [
		shown(input.build.coverage.line_percent),
		shown(data.parameters.line_percent),
	])}
}

violations contains violation if {
	input.build.coverage.branch_percent < data.parameters.branch_percent
	violation := {"message": sprintf("%s%% of the branches are covered, at least %s%% must be", [
		shown(input.build.coverage.branch_percent),
		shown(data.parameters.branch_percent),
	])}
}

violations contains violation if {
	data.parameters.branch_percent > 0
	not has_branches
	violation := {
		"message": sprintf("the coverage of branches is not reported, at least %s%% must be covered", [
			shown(data.parameters.branch_percent),
		]),
		"remediation": "Let the coverage tool report branches.",
	}
}

has_branches if is_number(input.build.coverage.branch_percent)

# Rounds down, so that 79.96 does not read as the 80 that it misses.
shown(percent) := sprintf("%v", [floor(percent * 10) / 10])
