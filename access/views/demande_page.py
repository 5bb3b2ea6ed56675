"""Everything the page of the request form reads."""

from django.urls import reverse

from access.forms.demande import AUTRE, ROWS
from access.forms.pieces import PieceForm
from access.selectors import demande as reading
from access.selectors import resume
from access.selectors.annexes import pieces_of
from access.services.jumeaux import companions
from access.views.demande_saisie import ZONES, marks
from referentiel.roles import Role

FREQUENCES = (
    "1 fois par jour", "2 fois par jour", "3 fois par jour", "4 fois par jour",
    "1 fois par semaine", "1 fois toutes les 2 semaines", "1 fois toutes les 3 semaines",
    "1 fois par mois", "en continu",
)  # fmt: skip
VOIES = (
    "orale", "intraveineuse", "sous-cutanée", "intramusculaire", "intrathécale", "cutanée",
    "inhalée", "ophtalmique", "rectale",
)  # fmt: skip
UNITES = ("mg", "mg/kg", "mg/m²", "g", "µg", "µg/kg", "ml", "UI", "UI/kg", "MBq")


def form_context(request, dossier, form, *, piece_form=None, stale=""):
    """The form, its summary, its parts and the lists of usual answers."""
    user = request.user
    pk = dossier.pk
    page = resume.progress(dossier, user)
    same_need = reading.same_need(dossier, user)
    errors = {name for name in form.errors if name in form.fields}
    return {
        "dossier": dossier,
        "form": form,
        "stale": stale,
        "version": dossier.version,
        "progress": page,
        "length": resume.length_told(dossier, len(form.criteres)),
        "twins": companions(dossier, user),
        "same_need": same_need,
        "criteres": [form[f"critere_{c.pk}"] for c in form.criteres],
        "precisions": [form[f"precision_{c.pk}"] for c in form.criteres],
        "precisions_open": any(form[f"precision_{c.pk}"].value() for c in form.criteres),
        "undecided": resume.undecided(dossier),
        "criteres_fictifs": any(c.exemple_fictif for c in form.criteres),
        "rows": [[form[f"ant_{n}_{name}"] for name in ("dci", "periode", "issue")] for n in ROWS],
        "more_rows_open": any(form[f"ant_{n}_dci"].value() for n in ROWS[1:]),
        "autre": AUTRE,
        "pieces": pieces_of(dossier),
        "piece_form": piece_form or PieceForm(),
        "interne": user.affectation.role == Role.INTERNE,
        "marks": marks(dossier, form, same_need),
        "all_zones": ZONES,
        "wrong": ",".join(sorted(errors)),
        "frequences": FREQUENCES,
        "voies": VOIES,
        "unites": UNITES,
        "save_url": reverse("access:demande_modifier", args=[pk]),
    }
