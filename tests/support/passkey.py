"""A passkey as allauth keeps it: real in its form, of a key that nobody has."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

FLAGS = AuthenticatorData.FLAG(0x45)
ID = b"nobody's passkey"


@cache
def registered() -> dict[str, Any]:
    """What the browser answered when it was made."""
    secret = ec.generate_private_key(ec.SECP256R1())
    key = ES256.from_cryptography_key(secret.public_key())
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), ID, key)
    data = AuthenticatorData.create(bytes(32), FLAGS, 0, credential)
    client = CollectedClientData.create(
        type="webauthn.create", challenge=bytes(16), origin="http://localhost"
    )
    answer = AuthenticatorAttestationResponse(
        client_data=client,
        attestation_object=AttestationObject.create("none", data, {}),
    )
    told: dict[str, Any] = json.loads(
        json.dumps(dict(RegistrationResponse(raw_id=ID, response=answer)))
    )
    return told
