# METADATA
# title: Approved before production
# description: Somebody other than who created the release said that it may go to this environment.
# custom:
#   id: approved-before-production
#   phase: deploy
#   severity: high
#   remediation: Ask a release manager to approve the release for this environment.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: CM-3}
#     - {framework: NIST SP 800-53 Rev. 5, control: AC-5}
#   requires: [deploy.approvals]
#   parameters:
#     type: object
#     properties:
#       kinds:
#         type: array
#         items: {type: string, enum: [sandbox, development, test, staging, production]}
#         default: [production]
#         description: Kinds of environments that need an approval
#       minimum_approvals: {type: integer, minimum: 1, default: 1, description: How many must have approved}
package shipworthy.approved_before_production

others contains lower(approval.by) if {
	some approval in input.deploy.approvals
	lower(approval.by) != lower(input.release.created_by)
	time.parse_rfc3339_ns(approval.at) <= time.parse_rfc3339_ns(input.now)
}

violations contains violation if {
	input.environment.kind in data.parameters.kinds
	count(others) < data.parameters.minimum_approvals
	violation := {"message": sprintf("approved for %s by %s, at least %d must%s", [
		input.environment.name, who, data.parameters.minimum_approvals, own,
	])}
}

who := "nobody" if count(others) == 0

who := concat(", ", sort(others)) if count(others) > 0

own := sprintf(" (%s created the release and does not count)", [input.release.created_by]) if is_own

own := "" if not is_own

is_own if {
	some approval in input.deploy.approvals
	lower(approval.by) == lower(input.release.created_by)
}
