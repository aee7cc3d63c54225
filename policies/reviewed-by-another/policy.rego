# METADATA
# title: Reviewed by somebody else
# description: >-
#   Every change request behind the release was approved by somebody who neither opened it nor wrote a commit of it.
#   The latest word of each reviewer counts.
# custom:
#   id: reviewed-by-another
#   phase: source
#   severity: high
#   remediation: Let somebody who did not write the change review and approve it, then push the change request again.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: AC-5}
#     - {framework: NIST SP 800-53 Rev. 5, control: CM-3}
#     - {framework: NIST SP 800-218 (SSDF), control: PW.7}
#   requires: [source.reviews]
#   parameters:
#     type: object
#     properties:
#       minimum_approvals: {type: integer, minimum: 1, default: 1, description: How many others must have approved}
package shipworthy.reviewed_by_another

violations contains {"message": "no change request is known for the commit"} if count(input.source.reviews) == 0

violations contains violation if {
	some review in input.source.reviews
	others := {lower(name) | some name in review.approved_by_other}
	count(others) < data.parameters.minimum_approvals
	violation := {
		"message": sprintf("%s#%d by %s was approved by %s, at least %d must", [
			review.repository, review.number, review.author, who(others), data.parameters.minimum_approvals,
		]),
		"finding": sprintf("%s#%d", [review.repository, review.number]),
	}
}

who(others) := "nobody else" if count(others) == 0

who(others) := "1 other" if count(others) == 1

who(others) := sprintf("%d others", [count(others)]) if count(others) > 1
