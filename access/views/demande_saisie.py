"""What was typed and cannot be kept on the request yet, and what the browser shows of the form."""

SESSION_KEY = "demande_saisie"
KEPT_DRAFTS = 5
# Parts of the page that change with the request; each carries a hidden mark of what it shows.
ZONES = ("route", "patient", "mesures", "criteres")
ASKED = ("critere_", "precision_", "justif_")


def typed_for(request, pk):
    """The wrong or incomplete values of a draft, as they were typed in this session."""
    return request.session.get(SESSION_KEY, {}).get(str(pk), {})


def remember(request, pk, leftovers):
    """Keep them in the session, on the server, for the drafts written last."""
    held = request.session.get(SESSION_KEY, {})
    if held.get(str(pk), {}) == leftovers:
        return
    others = {key: value for key, value in held.items() if key != str(pk)}
    if leftovers:
        others[str(pk)] = leftovers
    request.session[SESSION_KEY] = dict(list(others.items())[-KEPT_DRAFTS:])


def marks(dossier, form, same_need):
    """What each part shows, in one short word: the part is sent again when it changes."""
    cadre = dossier.cadre_id or ("autre" if dossier.indication else "")
    known = dossier.patient_id if form.patient_known else ""
    return {
        "route": form.route,
        "patient": f"{known} {len(same_need)}",
        "mesures": f"{'surface_m2' in form.fields} {'age_gestationnel_sa' in form.fields}",
        "criteres": f"{cadre} {len(form.criteres)}",
    }


class Shown:
    """What the browser said it shows: the marks of the parts, the fields marked wrong."""

    def __init__(self, posted):
        self.marks = {zone: posted.get(f"vue_{zone}", "") for zone in ZONES}
        self.wrong = {name for name in posted.get("vue_erreurs", "").split(",") if name}

    def changes(self, context, form, filled=()):
        """The parts and the fields to send again; `filled` are parts Placet has just filled."""
        marks_now = context["marks"]
        zones = [z for z in ZONES if self.marks[z] != str(marks_now[z]) or z in filled]
        held = {name for name in form.fields if form.fields[name].widget.is_hidden is False}
        names = (self.wrong ^ set(form.errors)) & held
        inside = _inside(form, zones)
        return {"zones": zones, "fields": [form[n] for n in sorted(names - inside)]}


def _inside(form, zones):
    """Fields that a part sent again already holds."""
    found = set()
    if "route" in zones:
        found.add("poursuite_motif")
    if "patient" in zones:
        found.update(name for name in form.fields if name.startswith("patient_"))
    if "mesures" in zones:
        found.update({"taille_cm", "surface_m2", "age_gestationnel_sa"})
    if "criteres" in zones:
        found.update(name for name in form.fields if name.startswith(ASKED))
        found.update({"mode_justification", "references"})
    return found
