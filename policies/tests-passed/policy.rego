# METADATA
# title: All tests passed
# description: Every test that ran passed, and enough of them ran. A run without tests proves nothing.
# custom:
#   id: tests-passed
#   phase: build
#   severity: high
#   remediation: Mend the tests that are named, or what they found, and build again.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: SA-11}
#     - {framework: NIST SP 800-218 (SSDF), control: PW.8}
#   requires: [build.tests]
#   parameters:
#     type: object
#     properties:
#       minimum_ran: {type: integer, minimum: 1, default: 1, description: How many tests must have run at least}
#       most_skipped: {type: integer, minimum: -1, default: -1, description: How many may be skipped; -1 for any number}
package shipworthy.tests_passed

tests := input.build.tests

broken := tests.failed + tests.errors

ran := tests.total - tests.skipped

violations contains violation if {
	broken > 0
	violation := {
		"message": sprintf("%d of %d tests failed%s", [broken, ran, named]),
		"remediation": "Mend the tests that are named, or what they found, and build again.",
	}
}

violations contains violation if {
	ran < data.parameters.minimum_ran
	violation := {
		"message": sprintf("%d tests ran, at least %d must", [ran, data.parameters.minimum_ran]),
		"remediation": "Look why the build ran fewer tests than it should, and push every test report.",
	}
}

violations contains violation if {
	data.parameters.most_skipped >= 0
	tests.skipped > data.parameters.most_skipped
	violation := {
		"message": sprintf("%d tests were skipped, at most %d may be", [tests.skipped, data.parameters.most_skipped]),
		"remediation": "Let the skipped tests run, or delete them.",
	}
}

first := [name |
	some failure in array.slice(tests.failures, 0, 3)
	name := concat(" ", [failure.suite, failure.name])
]

named := sprintf(": %s", [concat("; ", first)]) if count(first) > 0

named := "" if count(first) == 0
