# METADATA
# title: What is deployed is what was built
# description: >-
#   Every artifact of the release has the digest that the build says it made, and what runs in the environment, as far as
#   somebody said so, is what was released.
# custom:
#   id: digest-deployed-is-digest-built
#   phase: deploy
#   severity: critical
#   remediation: Deploy by digest, the one that the build made, and find out where the other one came from.
#   controls:
#     - {framework: NIST SP 800-53 Rev. 5, control: SI-7}
#     - {framework: NIST SP 800-218 (SSDF), control: PS.2}
#     - {framework: SLSA 1.0, control: Build L1}
#   requires: [deploy.digests.built, deploy.digests.released]
package shipworthy.digest_deployed_is_digest_built

digests := input.deploy.digests

violations contains {"message": "the release names no artifact"} if count(digests.released) == 0

violations contains violation if {
	some digest in digests.released
	not digest in digests.built
	violation := {
		"message": sprintf("%s is released, but the build made %s", [digest, named(digests.built)]),
		"component": digest,
	}
}

violations contains violation if {
	some digest in digests.running
	not digest in digests.released
	violation := {
		"message": sprintf("%s runs in %s, but %s is released", [
			digest, input.environment.name, named(digests.released),
		]),
		"component": digest,
	}
}

named(list) := concat(" and ", array.slice(list, 0, 2)) if count(list) in {1, 2}

named(list) := "nothing" if count(list) == 0

named(list) := sprintf("%s and %d others", [list[0], count(list) - 1]) if count(list) > 2
