"""Accounts, their servers, DID documents and signing keys."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.bluesky.errors import XrpcError
from sandbox.bluesky.syntax import is_did, is_handle
from sandbox.state import Identity, State

DEFAULT_PDS = "morel.us-east.host.bsky.network"
OTHER_PDS = "shimeji.us-east.host.bsky.network"
OWN_PDS = "pds.harbor.example"
ENTRYWAY = "bsky.social"
PDS_HOSTS = ("*.host.bsky.network", OWN_PDS)
ISSUER_HOSTS = (ENTRYWAY, OWN_PDS)
APP_PASSWORD = "demo-demo-demo-demo"  # noqa: S105
MAIN_PASSWORD = "correct horse battery"  # noqa: S105
CUSTOM_DOMAINS = ("noahokafor.example", "harbor.example")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SECP256K1_PUBLIC = bytes([0xE7, 0x01])
SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
# handle, display name, about, server, followers
PEOPLE = (
    (
        "maya.bsky.social",
        "Maya Lindqvist",
        "Cooking in a very small kitchen.",
        DEFAULT_PDS,
        3_412,
    ),
    (
        "noahokafor.example",
        "Noah Okafor",
        "Trails, tents and bad weather.",
        OTHER_PDS,
        871,
    ),
    (
        "news.harbor.example",
        "Harbor Talent",
        "We look after creators.",
        OWN_PDS,
        228,
    ),
)
INACTIVE = {
    "takendown": ("AccountTakedown", "Account has been taken down"),
    "suspended": ("AccountTakedown", "Account has been suspended"),
    "deactivated": ("AccountDeactivated", "Account is deactivated"),
}


def make_did(handle: str) -> str:
    """did:plc is 24 characters of base32; here always the same for a handle."""
    digest = hashlib.sha256(handle.encode()).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


class Accounts:
    """An account is an identity of the sandbox whose id is its DID."""

    def __init__(self, state: State) -> None:
        self.state = state

    def seed(self) -> None:
        for handle, name, about, pds, followers in PEOPLE:
            account = new_account(handle, name, pds)
            account.extra |= {"description": about, "followers": followers}
            self.state.add_identity(account)

    def all(self) -> list[Identity]:
        return self.state.identities_of("bluesky")

    def of_issuer(self, issuer: str) -> list[Identity]:
        return [account for account in self.all() if issuer_of(account) == issuer]

    def find(self, ref: str) -> Identity | None:
        """By DID, or by handle without regard to case."""
        found = self.state.identities.get(f"bluesky:{ref}")
        if found is not None or is_did(ref):
            return found
        name = ref.lower()
        return next((one for one in self.all() if one.handle.lower() == name), None)

    def by_login(self, identifier: str) -> Identity | None:
        """A handle, a DID or the e-mail address."""
        found = self.find(identifier)
        if found is not None:
            return found
        return next(
            (one for one in self.all() if one.extra.get("email") == identifier), None
        )

    def make(self, wish: dict[str, Any]) -> Identity:
        """ValueError says what is wrong with the wish."""
        serial = self.state.serial("bluesky.account")
        handle = str(wish.get("handle") or f"person{serial}.bsky.social")
        if not is_handle(handle):
            raise ValueError("handle must be a domain name, such as ada.bsky.social.")
        extra = dict(wish.get("extra") or {})
        pds = str(extra.pop("pds", DEFAULT_PDS))
        account = new_account(handle, str(wish.get("name") or handle), pds)
        account.id = str(wish.get("id") or account.id)
        if not is_did(account.id):
            raise ValueError("id must be a DID, such as did:plc:….")
        account.extra |= extra
        return account


def new_account(handle: str, name: str, pds: str) -> Identity:
    extra = {
        "pds": pds,
        "email": f"{handle.partition('.')[0]}@example.org",
        "email_confirmed": True,
        "password": MAIN_PASSWORD,
        "app_passwords": [APP_PASSWORD],
        "status": "",
    }
    return Identity(make_did(handle), "bluesky", handle, name, "person", extra)


def pds_of(account: Identity) -> str:
    return str(account.extra["pds"])


def issuer_of(account: Identity) -> str:
    """Bluesky's own servers leave sign-in to the entryway; others do it themselves."""
    pds = pds_of(account)
    host = ENTRYWAY if pds.endswith(".host.bsky.network") else pds
    return f"https://{host}"


def check_active(account: Identity) -> None:
    status = str(account.extra.get("status") or "")
    if status in INACTIVE:
        raise XrpcError(401, *INACTIVE[status])


def signing_key(did: str) -> ec.EllipticCurvePrivateKey:
    """Derived, so that no secret has to be kept."""
    number = int.from_bytes(hashlib.sha256(f"key of {did}".encode()).digest(), "big")
    return ec.derive_private_key(number % (SECP256K1_ORDER - 1) + 1, ec.SECP256K1())


def did_document(account: Identity) -> dict[str, Any]:
    point = (
        signing_key(account.id)
        .public_key()
        .public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/suites/secp256k1-2019/v1",
        ],
        "id": account.id,
        "alsoKnownAs": [f"at://{account.handle}"],
        "verificationMethod": [
            {
                "id": f"{account.id}#atproto",
                "type": "Multikey",
                "controller": account.id,
                "publicKeyMultibase": "z" + base58(SECP256K1_PUBLIC + point),
            }
        ],
        "service": [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": f"https://{pds_of(account)}",
            }
        ],
    }


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text
