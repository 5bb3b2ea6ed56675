"""E-mails to people with an account: rows of the outbox, their link made when they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from engine import outbox
from engine.models import Outbox
from engine.outbox import Draft, Undeliverable, handler
from referentiel.invitations import make_token
from referentiel.models import Affectation, StatutAffectation, User

KIND = "account_email"
INVITATION = "compte_invitation"
MOT_DE_PASSE = "compte_mot_de_passe"
ROLE = "compte_role"
A_APPROUVER = "compte_a_approuver"
A_RELIRE = "publication_a_relire"
# Written for an address nobody holds, so that the page does the same work, then dropped.
INCONNU = "compte_inconnu"


def write(user: User, name: str, *, key: str = "", affectation: Affectation | None = None) -> None:
    """Queue one mail to a person, in the transaction of the fact."""
    payload = {"affectation": str(affectation.pk)} if affectation else {}
    outbox.write(user, [_draft(name, key, recipient=f"user:{user.pk}", payload=payload)])


def write_to_nobody() -> None:
    """The same row as a forgotten password, for an unknown address; nothing leaves."""
    outbox.write(None, [_draft(INCONNU, "")])


def _draft(name: str, key: str, **values: Any) -> Draft:
    return Draft(KIND, name, f"{KIND}:{name}:{key or uuid4()}", **values)


@handler(KIND)
def deliver(row: Outbox) -> None:
    """Check that the mail still makes sense, then send it under the row's Message-ID."""
    user = User.objects.filter(pk=row.subject_id or uuid4(), is_active=True).first()
    if user is None:
        raise Undeliverable("compte inconnu ou fermé")
    if row.name in _still_due and not _still_due[row.name](row, user):
        raise Undeliverable("l'invitation a avancé")
    message(row, user).send(fail_silently=False)


def message(row: Outbox, user: User) -> EmailMessage:
    """The mail of a row, ready to leave."""
    context = {
        "lien": settings.PLACET_BASE_URL + _link(row.name, user),
        "adresse_placet": settings.PLACET_BASE_URL,
        "simulation": settings.PLACET_SIMULATION,
    }
    subject = " ".join(render_to_string(f"emails/{row.name}/sujet.txt", context).split())
    body = render_to_string(f"emails/{row.name}/corps.txt", context)
    headers = {"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[user.email], headers=headers)


def _link(name: str, user: User) -> str:
    if name == INVITATION:
        return f"{reverse('referentiel:invitation')}?{urlencode({'jeton': make_token(user)})}"
    if name == MOT_DE_PASSE:
        uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
        return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    if name == A_APPROUVER:
        return reverse("referentiel:a_approuver")
    if name == A_RELIRE:
        return reverse("referentiel:publications")
    return reverse("accueil")


def _awaits_approval(row: Outbox, user: User) -> bool:
    waiting = Affectation.objects.filter(statut=StatutAffectation.A_APPROUVER)
    return waiting.filter(pk=row.payload.get("affectation")).exists()


def _awaits_password(row: Outbox, user: User) -> bool:
    invited = user.affectations.filter(statut=StatutAffectation.INVITEE)
    return not user.has_usable_password() and invited.exists()


_still_due: dict[str, Callable[[Outbox, User], bool]] = {
    INVITATION: _awaits_password,
    A_APPROUVER: _awaits_approval,
}
