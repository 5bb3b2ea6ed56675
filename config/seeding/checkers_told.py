"""What is handed to a checker: accounts with their keys, the ids of what they hold."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from access.models import Commande, Dossier, Patient
from billing.models import Sejour
from config.demo_login import SESSION_FLAG
from config.seeding.people import Equipe
from referentiel.middleware import SESSION_KEY as AFFECTATION_KEY
from referentiel.models import Portee, User
from referentiel.services.jetons import create_token


def told(equipe: Equipe) -> dict[str, Any]:
    """An organisation and its accounts."""
    return {
        "id": str(equipe.organisation.pk),
        "nom": equipe.organisation.nom,
        "comptes": [account(user) for user in equipe.people.values()],
    }


def account(user: User) -> dict[str, Any]:
    """A session cookie and a Bearer token, both ready."""
    affectation: Any = user.affectation
    _, text = create_token(
        by=user,
        affectation=affectation,
        libelle="Essais",
        scopes=Portee.values,
        jours=30,
    )
    cookie = _session(user)
    return {
        "role": affectation.role,
        "email": user.email,
        "user_id": str(user.pk),
        "affectation_id": str(affectation.pk),
        "cookie": {"nom": settings.SESSION_COOKIE_NAME, "valeur": cookie},
        "jeton": text,
        "autorisation": f"Bearer {text}",
    }


def _session(user: User) -> str:
    """A session as the demonstration's banner opens it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[AFFECTATION_KEY] = str(user.affectation.pk) if user.affectation else ""
    session[SESSION_FLAG] = True
    session.set_expiry(settings.PLACET_SESSION_MAX_AGE)
    session.create()
    return str(session.session_key)


def ids(equipe: Equipe) -> dict[str, Any]:
    """The ids of what the hospital holds, dossiers by state."""
    by_state: dict[str, list[str]] = {}
    dossiers = Dossier.objects.filter(organisation=equipe.organisation).order_by("created_at", "id")
    for pk, kind, state in dossiers.values_list("pk", "kind", "state"):
        by_state.setdefault(f"{kind}.{state}", []).append(str(pk))
    return {
        "dossiers": by_state,
        "commandes": _pks(Commande.objects.filter(pui=equipe.pui)),
        "pieces": _pks(dossiers.values("pieces__pk").exclude(pieces=None), "pieces__pk"),
        "patients": _pks(Patient.objects.filter(etablissement=equipe.site).order_by("ipp")),
        "sejours": _pks(Sejour.objects.filter(etablissement=equipe.site)),
    }


def _pks(rows: Any, name: str = "pk") -> list[str]:
    return [str(pk) for pk in rows.values_list(name, flat=True)]
