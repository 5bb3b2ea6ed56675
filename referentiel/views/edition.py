"""What a gestionnaire types becomes a preview, then a proposal; a second person publishes it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from engine.clocks import today
from engine.errors import Blocked
from referentiel.forms.documents import FichierForm
from referentiel.forms.gestion import PropositionForm
from referentiel.models import Cadre, CodeIndication, Produit, Publication
from referentiel.permissions import ReferentielPermission
from referentiel.selectors import sheets
from referentiel.selectors.publications import pending_of
from referentiel.services import depots, publications, relecture
from referentiel.states import NaturePublication as N
from referentiel.views.gate import needs, posted

EDIT = ReferentielPermission.EDIT_MEDICAMENTS
FORM = "referentiel/gestion/formulaire.html"


def proposal_page(request, nature, subject, *, title, back, template=FORM, **extra):
    """Type, see what it would change, propose: one address, three answers."""
    form, proposition = forms_of(request, nature, subject, extra.pop("values", {}))
    if request.method == "POST" and "modifier" not in request.POST:
        answer = _advance(request, nature, subject, form, proposition, title, extra.get("fichier"))
        if answer is not None:
            return answer
    parts = [form, extra["fichier"], proposition] if "fichier" in extra else [form, proposition]
    faulty = [part for part in parts if part.errors]
    context = {"form": form, "proposition": proposition, "title": title, "retour": back, **extra}
    status = 422 if faulty else 200
    return render(request, template, {**context, "fautives": faulty}, status=status)


def forms_of(request, nature, subject, values):
    """The form of the nature and the part all proposals share, bound to what was posted."""
    data = posted(request)
    on = PropositionForm(data, initial={"effet_le": today()})
    day = on.cleaned_data.get("effet_le") if on.is_valid() else None
    blank = Publication(
        nature=nature, objet_id=subject.pk if subject else None, effet_le=day or today()
    )
    blank.valeurs = values
    return relecture.form_of(blank, data), on


def _advance(request, nature, subject, form, proposition, title, fichier):
    """The preview, or the proposal itself; None when something is to be corrected first."""
    blocked = fichier is not None and bool(fichier.errors)
    if blocked or not (form.is_valid() and proposition.is_valid()):
        return None
    values = {"nature": nature, "subject": subject, "values": relecture.proposed(form)}
    effet_le, motif = proposition.cleaned_data["effet_le"], proposition.cleaned_data["motif"]
    try:
        if "proposer" in request.POST:
            made = publications.propose(**values, effet_le=effet_le, motif=motif, by=request.user)
            messages.success(
                request, "La proposition est partie : une autre personne la relit et la publie."
            )
            return redirect("referentiel:publication", made.pk)
        draft = publications.drafted(**values, effet_le=effet_le)
        fiche = publications.dry_run(draft, by=request.user, read=lambda w: sheet_after(w, draft))
    except Blocked as error:
        for blocker in error.blockers:
            form.add_error(blocker.field if blocker.field in form.fields else None, blocker.message)
        return None
    context = {"title": title, "form": form, "proposition": proposition, "fiche": fiche}
    context |= {"differences": relecture.differences(draft), "effet_le": effet_le}
    context["touches"] = publications.touched(draft)
    return render(request, "referentiel/gestion/apercu.html", context)


def sheet_after(written, publication):
    """The sheet as it will read on the day of effect, or nothing for what has no sheet."""
    produit_id = publication.produit_id
    if isinstance(written.objet, Produit):
        produit_id = written.objet.pk
    return sheets.sheet(produit_id, publication.effet_le) if produit_id else None


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def produit_nouveau(request):
    back = reverse("referentiel:gestion")
    return proposal_page(request, N.AJOUT_PRODUIT, None, title="Nouveau produit", back=back)


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def produit(request, pk):
    fiche = sheets.sheet(pk, today())
    if fiche is None:
        raise Http404
    return proposal_page(
        request,
        N.PRODUIT,
        fiche.produit,
        title=fiche.produit.nom,
        back=reverse("referentiel:gestion"),
        template="referentiel/gestion/produit.html",
        fiche=fiche,
        en_attente=pending_of(fiche.produit),
    )


def _of_produit(request, pk, nature, title):
    row = get_object_or_404(Produit, pk=pk)
    back = reverse("referentiel:gestion_produit", args=[pk])
    return proposal_page(request, nature, row, title=title, back=back, produit=row)


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def cadre_nouveau(request, pk):
    return _of_produit(request, pk, N.AJOUT_CADRE, "Nouveau cadre")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def code_nouveau(request, pk):
    return _of_produit(request, pk, N.AJOUT_CODE, "Nouveau code d'indication")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def fiche(request, pk):
    return _of_produit(request, pk, N.FICHE, "Autres noms, contacts, mots pour le patient")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def regrouper(request, pk):
    return _of_produit(request, pk, N.REGROUPEMENT, "Regrouper des spécialités")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def document_nouveau(request, pk):
    row = get_object_or_404(Produit, pk=pk)
    fichier = FichierForm(posted(request), request.FILES)
    if request.method == "POST" and fichier.is_valid() and fichier.cleaned_data["fichier"]:
        _put_aside(request, fichier)
    back = reverse("referentiel:gestion_produit", args=[pk])
    return proposal_page(
        request, N.DOCUMENT, row, title="Nouveau document", back=back, produit=row,
        template="referentiel/gestion/document.html", fichier=fichier,
    )  # fmt: skip


def _put_aside(request, fichier):
    """The file stays with the proposal: what follows posts its fingerprint again."""
    try:
        depot = depots.put_aside(fichier.cleaned_data["fichier"])
    except ValidationError as error:
        fichier.add_error("fichier", error.messages)
        return
    request.POST = request.POST.copy()
    request.POST["depot"] = depot


def _of_cadre(request, pk, nature, title, template=FORM):
    row = get_object_or_404(Cadre, pk=pk)
    back = reverse("referentiel:gestion_produit", args=[row.produit_id])
    return proposal_page(
        request, nature, row, title=title, back=back, template=template, produit=row.produit,
        cadre=row,
    )  # fmt: skip


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def cadre(request, pk):
    return _of_cadre(request, pk, N.CADRE, "Corriger un cadre")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def cadre_fermer(request, pk):
    return _of_cadre(request, pk, N.FERMETURE_CADRE, "Fermer un cadre")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def criteres(request, pk):
    return _of_cadre(
        request, pk, N.CRITERES, "Critères d'octroi", "referentiel/gestion/criteres.html"
    )


def _of_code(request, pk, nature, title):
    row = get_object_or_404(CodeIndication, pk=pk)
    owner = row.specialite.produit
    back = reverse("referentiel:gestion_produit", args=[owner.pk])
    return proposal_page(
        request, nature, row, title=f"{title} {row.code}", back=back, produit=owner
    )


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def code(request, pk):
    return _of_code(request, pk, N.CODE, "Corriger le code")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def code_fermer(request, pk):
    return _of_code(request, pk, N.FERMETURE_CODE, "Fermer le code")


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def nouvelle(request):
    back = reverse("referentiel:publications")
    return proposal_page(request, N.NOUVELLE, None, title="Nouvelle de l'accueil", back=back)
