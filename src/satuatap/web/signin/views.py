"""Signing in and out, the own password, the language."""

from __future__ import annotations

from typing import Any

from allauth.account.internal import flows
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.features.people import actions
from satuatap.features.people.refusals import PasswordTooWeak, UnknownLanguage
from satuatap.features.people.states import LANGUAGES, Role, WhyEnded
from satuatap.features.plans.states import WHO, Act
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import SeeOther, safe_next
from satuatap.web.guards import NotAllowed, account_required, actor_of, has_role, public
from satuatap.web.locks import FAILED, TooManyTries, keys, note_refused, wait_sentence
from satuatap.web.secure import passkeys_off
from satuatap.web.signin.forms import PasswordForm, SignInForm
from satuatap.web.signin.security import renew_seal

# Where a role works; the first that an account holds is where it lands after signing in.
PLACES: tuple[tuple[Role, str], ...] = (
    (Role.OFFICER, "/loket"),
    (Role.COORDINATOR, "/loket"),
    (Role.HELP_DESK, "/bantuan"),
    (Role.MANAGER, "/pantauan"),
    (Role.KEEPER, "/pengelolaan"),
    (Role.KIOSK, "/anjungan"),
    *((role, "/studio") for role in sorted(WHO[Act.READ])),
)


class SignIn(LoginView):
    """allauth's sign-in with our page: what was wrong stands above the form, with a 4xx status."""

    form_class = SignInForm
    template_name = "signin/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"off": passkeys_off(self.request), "city": settings.CITY_SIGN_ON}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as refusal:
            return self._again(str(refusal.text), refusal.status, refusal.retry_after)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            _put_language(response, form.user.language)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        sentence = " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
        return self._again(sentence, 422)

    def _again(self, sentence: str, status: int, wait: float | None = None) -> HttpResponse:
        typed = str(self.request.POST.get("login", ""))[:60]
        values = {"form": SignInForm(request=self.request), "sentence": sentence, "typed": typed}
        response = self.render_to_response(self.get_context_data(**values), status=status)
        if wait is not None:
            response.headers["Retry-After"] = str(int(wait) + 1)
        return response


sign_in = public(require_http_methods(["GET", "HEAD", "POST"])(SignIn.as_view()))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session; asked by GET, a page with the one button."""
    if request.method != "POST":
        return render(request, "signin/sign_out.html")
    flows.logout.logout(request)
    return SeeOther(resolve_url(settings.LOGIN_URL))


@account_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def landing(request: HttpRequest) -> HttpResponseBase:
    """Go to the place where the account's role works."""
    if request.user.must_change_password:  # type: ignore[union-attr]
        return SeeOther(resolve_url("signin:password"))
    for role, place in PLACES:
        if has_role(request, role):
            return SeeOther(place)
    raise NotAllowed()


@account_required
@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """Choose the own password; the session goes on under a new key, every other one ends."""
    account: Any = request.user
    first = account.must_change_password
    if request.method != "POST":
        return render(request, "signin/password.html", {"form": PasswordForm(), "first": first})
    form = PasswordForm(request.POST)
    if form.is_valid():
        tried = keys(account.username, client_address(request))
        wait = FAILED.take(tried)
        if wait > 0:
            note_refused(tried)
            form.add_error(None, wait_sentence(wait))
        elif not account.check_password(form.cleaned_data["old"]):
            form.add_error(
                "old", _("Kata sandi sekarang tidak cocok. Ketik ulang kata sandi yang Anda pakai untuk masuk.")
            )
        else:
            FAILED.give_back(tried)
            if _choose(request, form):
                return SeeOther(resolve_url("signin:landing"))
    return render(request, "signin/password.html", {"form": form, "first": first}, status=422)


def _choose(request: HttpRequest, form: PasswordForm) -> bool:
    account: Any = request.user
    try:
        actions.choose_password(by=actor_of(request), account=account.pk, password=form.cleaned_data["new"])
    except PasswordTooWeak as refusal:
        form.add_error("new", str(refusal.text))
        return False
    renew_seal(request, WhyEnded.PASSWORD)
    return True


@public
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language of the screens, and go back to the page."""
    chosen = str(request.POST.get("language", ""))
    if chosen not in LANGUAGES:
        raise UnknownLanguage()
    if request.user.is_authenticated and request.user.is_active:
        actions.change_own_language(by=actor_of(request), account=int(request.user.pk), language=chosen)
    response = SeeOther(safe_next(request, request.POST.get("next"), "/"))
    _put_language(response, chosen)
    return response


def _put_language(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
