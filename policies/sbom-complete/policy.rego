# METADATA
# title: The SBOM is there and complete
# description: >-
#   An SBOM of the release exists and holds the minimum elements of the NTIA: supplier, name, version and another
#   identifier of every component, who depends on whom, who made the data, and when.
# custom:
#   id: sbom-complete
#   phase: artifact
#   severity: medium
#   remediation: Let the SBOM tool write the missing elements, or add them, and push the SBOM again.
#   controls:
#     - {framework: NTIA Minimum Elements for an SBOM (2021), control: Data fields}
#     - {framework: NIST SP 800-53 Rev. 5, control: CM-8}
#     - {framework: NIST SP 800-218 (SSDF), control: PS.3}
#   requires: [artifact.inventory]
#   parameters:
#     type: object
#     properties:
#       elements:
#         type: array
#         items: {type: string, enum: [supplier, name, version, identifier, dependencies, author, timestamp]}
#         default: [supplier, name, version, identifier, dependencies, author, timestamp]
#         description: The elements that must be there
#       tolerated_percent:
#         type: number
#         minimum: 0
#         maximum: 100
#         default: 0
#         description: How many components in per cent may lack an element
package shipworthy.sbom_complete

inventory := input.artifact.inventory

elements := {element | some element in data.parameters.elements}

lacking := {
	"supplier": inventory.without_supplier,
	"name": inventory.without_name,
	"version": inventory.without_version,
	"identifier": inventory.without_identifier,
}

absent := {
	"dependencies": ["says who depends on whom", inventory.has_dependencies],
	"author": ["names who made it", inventory.has_author],
	"timestamp": ["says when it was made", inventory.has_timestamp],
}

violations contains {"message": "the SBOM names no component"} if inventory.components == 0

violations contains violation if {
	some element, number in lacking
	element in elements
	number * 100 > inventory.components * data.parameters.tolerated_percent
	violation := {
		"message": sprintf("%d of %d components have no %s", [number, inventory.components, element]),
		"finding": element,
	}
}

violations contains violation if {
	some element, [words, is_there] in absent
	element in elements
	not is_there
	violation := {"message": sprintf("not every SBOM %s", [words]), "finding": element}
}
