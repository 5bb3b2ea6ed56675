#!/usr/bin/env python3
"""Drives a whole AAC through the API, from draft to a line of FICHCOMP; standard library only.

    python3 docs/api_aac.py jetons.json [fichier_fichcomp]

`jetons.json`: {"base_url": "http://127.0.0.1:8000", "jetons": {"PRESCRIPTEUR": "plc_…",
"PHARMACIEN": "plc_…", "EVALUATEUR_ANSM": "plc_…", "DECIDEUR_ANSM": "plc_…",
"FACTURATION": "plc_…"}, "produit": "INDOCIN"}. The first three hospital roles belong to one
hospital. « entetes » may add HTTP headers, such as those of a proxy. The output of
`manage.py checker_seed` is read as well (its first hospital is used).
Tokens are made in « Jetons d'API » (/compte/jetons/).
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

ROLES = ("PRESCRIPTEUR", "PHARMACIEN", "EVALUATEUR_ANSM", "DECIDEUR_ANSM", "FACTURATION")


class Api:
    """One address, one token per role; each POST carries its Idempotency-Key."""

    def __init__(self, base_url, tokens, headers=()):
        self.base, self.tokens = base_url.rstrip("/") + "/api/v1/", tokens
        self.headers = dict(headers)

    def ask(self, role, method, path, body=None):
        headers = {**self.headers, "Authorization": f"Bearer {self.tokens[role]}"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        request = urllib.request.Request(
            self.base + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise SystemExit(f"{role} {method} {path} : {error.code}\n{text}") from None
        except urllib.error.URLError as error:
            raise SystemExit(f"{self.base} ne répond pas : {error.reason}") from None

    def get(self, role, path):
        return json.loads(self.ask(role, "GET", path))

    def post(self, role, path, body=None):
        return json.loads(self.ask(role, "POST", path, body or {}))

    def step(self, role, address, name, **values):
        """Do one step on the version just read; a dossier or an order."""
        version = self.get(role, address)["version"]
        body = {"version": version, "data": values}
        return self.post(role, f"{address}steps/{name}/", body)

    def proposed(self, role, address, name):
        """What the form of a step proposes, the fields without proposal left out."""
        fields = self.get(role, f"{address}steps/{name}/")["champs"]
        return {f["nom"]: f["valeur"] for f in fields if f["valeur"] not in (None, "")}


def settings(path):
    """The address and one token per role, from either kind of file."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    if "jetons" in data:
        words, headers = data.get("produit", "INDOCIN"), data.get("entetes", {})
        return data["base_url"], data["jetons"], words, headers
    accounts = [*data["organisations"][0]["comptes"], *data["agence"]["comptes"]]
    tokens = {account["role"]: account["jeton"] for account in accounts}
    return data["base_url"], tokens, data["produit"]["nom"], {}


def draft(api, words):
    """The prescriber opens a draft and fills the form."""
    products = api.get("PRESCRIPTEUR", f"referentiel/produits/?q={urllib.parse.quote(words)}")[
        "resultats"
    ]
    if not products:
        raise SystemExit(f"Aucun produit ne correspond à « {words} ».")
    opened = api.post("PRESCRIPTEUR", "demandes/", {"produit": products[0]["id"]})
    address = f"demandes/{opened['id']}/"
    form = api.get("PRESCRIPTEUR", f"{address}formulaire/")
    asked = {field["nom"]: field for field in form["champs"]}
    sheet = api.get("PRESCRIPTEUR", f"referentiel/produits/{products[0]['id']}/")
    expected = {f"critere_{c['id']}": c["attendu"] for f in sheet["cadres"] for c in f["criteres"]}
    values = {
        "patient_ipp": f"IPP{uuid4().hex[:10].upper()}",
        "patient_nom": "Exemple",
        "patient_prenom": "Noé",
        "patient_naissance": "2019-03-14",
        "patient_sexe": "M",
        "poids_kg": "20.5",
        "dose": "10",
        "dose_unite": "mg",
        "frequence": "2 fois par jour",
        "voie": "orale",
        "unites_par_jour": "1",
        "duree_jours": 90,
        "differable": False,
        "gravite": ["RARE"],
        "essai_en_cours": False,
        "ant_1_dci": "traitement fictif",
        "ant_1_issue": "ECHEC",
        "poursuite_motif": "Aucune autre présentation ne convient à ce patient fictif.",
        **expected,
    }
    cadres = [
        c["valeur"] for c in asked.get("cadre", {}).get("choix", []) if c["valeur"] != "AUTRE"
    ]
    if cadres and not asked["cadre"]["valeur"]:
        body = {"version": form["version"], "data": {"cadre": cadres[0]}}
        api.ask("PRESCRIPTEUR", "PATCH", address, body)
        form = api.get("PRESCRIPTEUR", f"{address}formulaire/")
        asked = {field["nom"]: field for field in form["champs"]}
    body = {
        "version": form["version"],
        "data": {name: value for name, value in values.items() if name in asked},
    }
    api.ask("PRESCRIPTEUR", "PATCH", address, body)
    missing = api.get("PRESCRIPTEUR", f"{address}formulaire/")["blocages"]
    if missing:
        raise SystemExit("Il manque : " + " ".join(b["message"] for b in missing))
    return opened["id"]


def review(api, address):
    """The fast lane opens by itself when every criterion is met; an evaluator takes the others."""
    for _ in range(20):
        found = api.get("DECIDEUR_ANSM", address)
        if found["etat"] == "EN_INSTRUCTION":
            return
        if found["demande"]["voie_instruction"] != "ACCELEREE":
            break
        time.sleep(0.5)
    if api.get("EVALUATEUR_ANSM", address)["etat"] == "TRANSMISE_ANSM":
        api.step("EVALUATEUR_ANSM", address, "start_review", sans_lien=True)


def supply(api, aac):
    """Order, delivery, dispensing: the pharmacy's part. Returns the day dispensed."""
    orders = api.get("PHARMACIEN", "commandes/")["resultats"]
    order = next(row for row in orders if row["titre_id"] == aac)
    address = f"commandes/{order['id']}/"
    if not order["fournisseur"]:
        api.step(
            "PHARMACIEN",
            address,
            "revise",
            **api.proposed("PHARMACIEN", address, "revise")
            | {"fournisseur": "Laboratoire Exemple (fictif)"},
        )
    api.step("PHARMACIEN", address, "send")
    today = api.get("PHARMACIEN", f"dossiers/{aac}/")["date_debut"]
    day = date.fromisoformat(today)
    lot = f"LOT{uuid4().hex[:6].upper()}"
    expiry = (day + timedelta(days=700)).isoformat()
    api.step(
        "PHARMACIEN", address, "receive", lot=lot, peremption=expiry, quantite="90", certificat=True
    )
    given = api.proposed("PHARMACIEN", f"dossiers/{aac}/", "dispense")
    given |= {
        "lot": lot,
        "quantite": "30",
        "contexte": "SEJOUR",
        "ordonnance_date": today,
        "ordonnance_duree_jours": 30,
        "mention_legale": True,
    }
    given.setdefault("ordonnance_prescripteur", "Dr Exemple")
    given.setdefault("ordonnance_dose", "10 mg 2 fois par jour")
    api.step("PHARMACIEN", f"dossiers/{aac}/", "dispense", **given)
    return given["jour"], order["ucd7"]


def bill(api, aac_number, day, ucd7):
    """Price, stay, administration, month checked, file: the billing office's part."""
    first = api.get("FACTURATION", "facturation/prix/?par_page=200")["resultats"]
    if not any(row["ucd7"] == ucd7 and row["debut"] <= day for row in first):
        price = {
            "ucd7": ucd7,
            "prix_unitaire_ttc": "392.00",
            "source": "Facture fictive",
            "debut": day,
        }
        api.post("FACTURATION", "facturation/prix/", price)
    waiting = api.get("FACTURATION", "facturation/dispensations/?par_page=200")["resultats"]
    mine = next(row for row in waiting if row["titre"] == aac_number)
    stay = f"S{uuid4().int % 10**9:09d}"
    given = {
        "dispensation": mine["id"],
        "numero_sejour": stay,
        "entree": day,
        "sortie": day,
        "jour": day,
        "quantite": "2.5",
    }
    api.post("FACTURATION", "facturation/administrations/", given)
    year, month = int(day[:4]), int(day[5:7])
    address = f"facturation/mois/{year}/{month}/"
    api.post("FACTURATION", f"{address}controler/", {})
    sent = api.post("FACTURATION", f"{address}exporter/", {})
    content = api.ask("FACTURATION", "GET", f"facturation/envois/{sent['id']}/")
    lines = [line for line in content.decode("ascii").split("\r\n") if stay in line]
    if len(lines) != 1 or len(lines[0]) != 105:
        raise SystemExit(f"La ligne du séjour {stay} n'est pas dans {sent['nom']}.")
    return sent["nom"], content, lines[0]


def main(arguments):
    base_url, tokens, words, headers = settings(arguments[0])
    api = Api(base_url, {role: tokens[role] for role in ROLES}, headers)
    for role in ROLES:
        who = api.get(role, "moi/")
        print(f"{role} : {who['nom']}, {who['organisation']}")
    dossier = draft(api, words)
    address = f"dossiers/{dossier}/"
    sent = api.step(
        "PRESCRIPTEUR", address, "submit", engagement_conformite=True, engagement_information=True
    )
    print(f"{sent['numero']} : {sent['etat_libelle']}")
    checked = api.proposed("PHARMACIEN", address, "transmit") | {"pharmacie_criteres": True}
    checked.setdefault("pharmacie_fournisseur", "Laboratoire Exemple (fictif)")
    print(api.step("PHARMACIEN", address, "transmit", **checked)["etat_libelle"])
    review(api, address)
    decided = api.proposed("DECIDEUR_ANSM", address, "grant") | {"sans_lien": True}
    aac = api.step("DECIDEUR_ANSM", address, "grant", **decided)["autorisation_id"]
    number = api.get("PHARMACIEN", f"dossiers/{aac}/")["numero"]
    print(f"{number} : accordée")
    day, ucd7 = supply(api, aac)
    name, content, line = bill(api, number, day, ucd7)
    if len(arguments) > 1:
        Path(arguments[1]).write_bytes(content)
    print(f"{name} :\n{line}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(sys.argv[1:])
