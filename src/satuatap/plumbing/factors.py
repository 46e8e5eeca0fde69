"""allauth's second factors as this house keeps them: secrets sealed with the installation's keys, our names."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from satuatap.plumbing import keyring
from satuatap.plumbing.fields import Fields, Place

ISSUER = "satuatap"
# One place for all: allauth does not say whose secret it seals. Who may write another's row may also write a new one.
PLACE = Place("mfa_authenticator", "data", "")


class SealedFactors(DefaultMFAAdapter):
    """What stands in ``mfa_authenticator`` opens with the keys of this installation alone; raises ``KeyTrouble``."""

    def encrypt(self, text: str) -> str:
        return Fields(keyring.load(settings.HOME)).seal(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return Fields(keyring.load(settings.HOME)).open(encrypted_text, PLACE)

    def get_totp_issuer(self) -> str:
        return ISSUER

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the name of the host, without its port."""
        return {"id": context.request.get_host().partition(":")[0], "name": ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {
            **super().get_public_key_credential_user_entity(user),
            "display_name": user.display_name or user.username,
        }
