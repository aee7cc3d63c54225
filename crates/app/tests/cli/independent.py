"""Verifies signed answers with tools that know nothing of Shipworthy: `securesystemslib` opens the envelopes,
`in-toto-attestation` reads the statements, `sigstore-models` the bundles. Prints a line for each, and for each change of a
byte how it was refused.

usage: independent.py KEYS.json ENVELOPE.json BUNDLE.json [ENVELOPE.json BUNDLE.json]…
"""

import base64
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from sigstore_models.bundle.v1 import Bundle


def published(path):
    with open(path, encoding="utf-8") as file:
        keys = json.load(file)["keys"]
    wanted = [key for key in keys if key["use"] == "attestation"]
    return [SSlibKey.from_crypto(load_pem_public_key(key["pem"].encode()), key["id"]) for key in wanted]


def statement_in(payload):
    read = json_format.Parse(payload, statement_pb2.Statement())
    statement = Statement.copy_from_pb(read)
    statement.validate()
    if read.predicate_type.startswith("https://slsa.dev/verification_summary/"):
        return f"{read.predicate_type} {read.predicate['verificationResult']}"
    return read.predicate_type


def changed(envelope, at):
    """The envelope with one bit of its payload flipped."""
    payload = bytearray(base64.b64decode(envelope["payload"]))
    payload[at] ^= 1
    return {**envelope, "payload": base64.b64encode(payload).decode()}


def refuses(envelope, keys):
    try:
        Envelope.from_dict(json.loads(json.dumps(envelope))).verify(keys, 1)
    except VerificationError:
        return True
    return False


def main(keys_path, *files):
    keys = published(keys_path)
    for envelope_path, bundle_path in zip(files[::2], files[1::2], strict=True):
        with open(envelope_path, encoding="utf-8") as file:
            envelope = json.load(file)
        opened = Envelope.from_dict(json.loads(json.dumps(envelope)))  # It changes what it is given.
        opened.verify(keys, 1)
        print("envelope:", statement_in(opened.payload))
        with open(bundle_path, encoding="utf-8") as file:
            bundle = Bundle.from_json(file.read())
        inside = json.loads(bundle.to_json())
        Envelope.from_dict(inside["dsseEnvelope"]).verify(keys, 1)
        assert inside["verificationMaterial"]["publicKey"]["hint"] in {key.keyid for key in keys}
        print("bundle:", inside["mediaType"])
        length = len(base64.b64decode(envelope["payload"]))
        assert all(refuses(changed(envelope, at), keys) for at in range(length)), "a changed byte was not refused"
        print("each byte of the payload, changed: refused")


main(*sys.argv[1:])
