"""The rules of the order in words, what this is, and the phone's card of it."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from satuatap.features.visits import queries
from satuatap.web.guards import public
from satuatap.web.portal.place import here

MS_A_MINUTE = 60_000


@require_safe
@public
def order(request: HttpRequest) -> HttpResponse:
    """Who comes next and why, with the numbers of the policy in force."""
    place = here()
    try:
        policy = queries.weights_of(place.mall.id)
    except ObjectDoesNotExist:
        policy = None
    values: dict[str, object] = {"place": place, "policy": policy}
    if policy is not None:
        weights = policy.weights
        bases = [c.base for c in weights.classes.values()]
        values |= {
            "times": weights.weight_remaining / 1000,
            "cap": weights.cap / 1000 / MS_A_MINUTE,
            "head_start": max((abs(base) for base in bases), default=0) / 1000 / MS_A_MINUTE,
            "numbers": policy.numbers,
        }
    return render(request, "portal/order.html", values)


@require_safe
@public
def about(request: HttpRequest) -> HttpResponse:
    """What this is, where its data come from, and what is an example."""
    return render(request, "portal/about.html", {"place": here()})


@require_safe
@public
def manifest(request: HttpRequest) -> JsonResponse:
    """The page as an app on a phone's home screen."""
    return JsonResponse(
        {
            "name": gettext("satuatap: satu nomor untuk semua urusan"),
            "short_name": "satuatap",
            "lang": "id",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#F6F5F0",
            "theme_color": "#073B44",
            "icons": [{"src": static("components/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )
