# METADATA
# title: No more vulnerabilities than allowed
# description: >-
#   Counts the known vulnerabilities of everything the release ships by severity. More than the allowed number of one
#   severity stops the release; a negative number allows any.
# custom:
#   id: findings-by-severity
#   phase: artifact
#   severity: critical
#   remediation: Update the components named first to a version that has the fix, build again and push the new report.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: RA-5}
#     - {framework: NIST SP 800-53 Rev. 5, control: SI-2}
#     - {framework: NIST SP 800-218 (SSDF), control: RV.1}
#   requires: [artifact.vulnerabilities]
#   parameters:
#     type: object
#     properties:
#       critical: {type: integer, minimum: -1, default: 10, description: How many critical ones are allowed}
#       high: {type: integer, minimum: -1, default: -1, description: How many high ones are allowed}
#       medium: {type: integer, minimum: -1, default: -1, description: How many medium ones are allowed}
#       low: {type: integer, minimum: -1, default: -1, description: How many low ones are allowed}
#       unknown: {type: integer, minimum: -1, default: -1, description: How many without stated severity are allowed}
#       only_fixable: {type: boolean, default: false, description: Whether only those with a fixed version count}
package shipworthy.findings_by_severity

counted := input.artifact.vulnerabilities.fixable if data.parameters.only_fixable

counted := input.artifact.vulnerabilities.counts if not data.parameters.only_fixable

severities := ["critical", "high", "medium", "low", "unknown"]

violations contains violation if {
	some severity in severities
	allowed := data.parameters[severity]
	allowed >= 0
	found := counted[severity]
	found > allowed
	violation := {
		"message": sprintf("%d %s, at most %d allowed", [found, described(severity, found), allowed]),
		"remediation": remediation(severity),
	}
}

described("unknown", 1) := "vulnerability of unknown severity"

described("unknown", found) := "vulnerabilities of unknown severity" if found != 1

described(severity, 1) := sprintf("%s vulnerability", [severity]) if severity != "unknown"

described(severity, found) := sprintf("%s vulnerabilities", [severity]) if {
	severity != "unknown"
	found != 1
}

remediation(severity) := sprintf("Fix first: %s.", [concat("; ", array.slice(named[severity], 0, 3))]) if {
	count(named[severity]) > 0
}

remediation(severity) := "Read the report: it names them all." if count(named[severity]) == 0

# A rule and not a function, so that it is worked out once.
named := {severity: texts |
	some severity in severities
	texts := [text |
		some worst in input.artifact.vulnerabilities.worst
		worst.severity == severity
		is_counted(worst)
		text := concat("", [worst.id, place(worst), fix(worst)])
	]
}

is_counted(worst) if not data.parameters.only_fixable

is_counted(worst) if count(worst.fixed_versions) > 0

place(worst) := sprintf(" in %s", [worst.component]) if worst.component

place(worst) := "" if not worst.component

fix(worst) := sprintf(" (fixed in %s)", [concat(", ", worst.fixed_versions)]) if count(worst.fixed_versions) > 0

fix(worst) := "" if count(worst.fixed_versions) == 0
