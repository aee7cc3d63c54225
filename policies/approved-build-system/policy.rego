# METADATA
# title: Built by an approved build system
# description: >-
#   The release was built by a build system that is approved, not on somebody's machine; where builders are listed,
#   every provenance statement names one of them.
# custom:
#   id: approved-build-system
#   phase: build
#   severity: high
#   remediation: Build the release in an approved build system and push its report from there.
#   controls:
#     - {framework: SLSA 1.0, control: Build L2}
#     - {framework: NIST SP 800-53 Rev. 5, control: SR-4}
#     - {framework: NIST SP 800-218 (SSDF), control: PO.3}
#   requires: [build.system]
#   parameters:
#     type: object
#     properties:
#       systems:
#         type: array
#         items: {type: string}
#         default: [azure-pipelines, circleci, github-actions, gitlab-ci, jenkins, travis-ci]
#         description: Names of the approved build systems
#       builders:
#         type: array
#         items: {type: string}
#         default: []
#         description: What the builder of a provenance statement may begin with; empty to not ask
package shipworthy.approved_build_system

systems := {lower(system) | some system in data.parameters.systems}

used contains input.build.system

used contains build.system if some build in input.build.builds

violations contains violation if {
	some system in used
	not lower(system) in systems
	violation := {
		"message": sprintf("built by %s, which is not an approved build system", [system]),
		"finding": system,
		"remediation": sprintf("Build in one of: %s.", [concat(", ", sort(systems))]),
	}
}

violations contains violation if {
	count(data.parameters.builders) > 0
	some provenance in object.get(input, ["build", "provenance"], [])
	not is_approved(provenance.builder_id)
	violation := {
		"message": sprintf("the provenance names the builder %s, which is not approved", [provenance.builder_id]),
		"finding": provenance.builder_id,
	}
}

violations contains violation if {
	count(data.parameters.builders) > 0
	count(object.get(input, ["build", "provenance"], [])) == 0
	violation := {
		"message": "no provenance says which builder it was",
		"remediation": "Let the build write SLSA provenance and push it.",
	}
}

is_approved(builder) if {
	some beginning in data.parameters.builders
	startswith(builder, beginning)
}
