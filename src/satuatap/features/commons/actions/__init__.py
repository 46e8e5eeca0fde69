"""Every write of commons: clients and their keys, webhooks, deliveries."""

from satuatap.features.commons.actions.clients import block_client, make_client, renew_client
from satuatap.features.commons.actions.deliveries import fan_out, forget_deliveries, send_again, send_due
from satuatap.features.commons.actions.webhooks import end_webhook, make_webhook

__all__ = [
    "block_client",
    "end_webhook",
    "fan_out",
    "forget_deliveries",
    "make_client",
    "make_webhook",
    "renew_client",
    "send_again",
    "send_due",
]
