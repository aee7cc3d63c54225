# METADATA
# title: Only allowed licences
# description: >-
#   Every component must be usable under allowed licences. An SPDX expression with OR is satisfied by one side, one with
#   AND by both. What states no licence, or something that is not an SPDX expression, is not known to be allowed.
# custom:
#   id: allowed-licenses
#   phase: artifact
#   severity: high
#   remediation: Replace the component, choose another of its licences, or ask for an exception for it.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: CM-10}
#     - {framework: NIST SP 800-218 (SSDF), control: PW.4}
#   requires: [artifact.licenses]
#   parameters:
#     type: object
#     properties:
#       allowed:
#         type: array
#         items: {type: string}
#         default: [MIT, Apache-2.0, BSD-2-Clause, BSD-3-Clause, ISC, 0BSD, Zlib, Unlicense, CC0-1.0, Unicode-3.0, PSF-2.0, BSL-1.0]
#         description: SPDX identifiers of the allowed licences, with their exception where one belongs to it
#       most_without_license:
#         type: integer
#         minimum: -1
#         default: 0
#         description: How many components may state no licence; -1 for any number
package shipworthy.allowed_licenses

allowed := {license | some license in data.parameters.allowed}

violations contains violation if {
	some license in refused
	some component in license.components
	violation := {
		"message": sprintf("%s is under %s", [component, reason(license)]),
		"finding": license.expression,
		"component": component,
	}
}

violations contains violation if {
	some license in refused
	more := license.component_count - count(license.components)
	more > 0
	violation := {
		"message": sprintf("%d more components are under %s", [more, reason(license)]),
		"finding": license.expression,
	}
}

violations contains violation if {
	without := object.get(input, ["artifact", "components_without_license"], 0)
	data.parameters.most_without_license >= 0
	without > data.parameters.most_without_license
	violation := {
		"message": sprintf("%d components state no licence, at most %d may", [without, data.parameters.most_without_license]),
		"remediation": "Let the SBOM tool resolve licences, or state them in the SBOM.",
	}
}

refused contains license if {
	some license in input.artifact.licenses
	not satisfied(license)
}

satisfied(license) if {
	some alternative in license.alternatives
	every name in alternative {
		name in allowed
	}
}

reason(license) := sprintf("%s, which is not allowed", [license.expression]) if count(license.alternatives) > 0

reason(license) := sprintf("\"%s\", which is not an SPDX expression", [license.expression]) if {
	count(license.alternatives) == 0
}
