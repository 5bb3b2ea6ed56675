"""« Quelle voie ? » and the questions page: public, answers in the address."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engine import clocks
from engine.words import asked_words
from referentiel.rules.textes import CODE_SANTE, TEXTES
from referentiel.selectors import orientation
from referentiel.views.fiche import may_ask

MAX_WORDS = 100


@login_not_required
@require_safe
def quelle_voie(request):
    """One question at a time; the last answer gives the route."""
    query = {name: value[:64] for name, value in request.GET.items()}
    context = {
        "ou": orientation.orientation(query, clocks.today()),
        "code_sante": CODE_SANTE,
        "peut_demander": may_ask(request.user),
    }
    return render(request, "referentiel/public/quelle_voie.html", context)


@login_not_required
@require_safe
def questions(request):
    """Every question, or those that hold the words typed."""
    words = asked_words(request, most=MAX_WORDS)
    context = {
        "q": words,
        "groupes": orientation.questions(words, clocks.today()),
        "textes": TEXTES,
    }
    return render(request, "referentiel/public/questions.html", context)
