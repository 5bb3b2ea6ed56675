"""Technical reading of people and parameters: nothing is changed here, every act has its page."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from referentiel.models import (
    Affectation,
    DelegationPui,
    Etablissement,
    Organisation,
    Parametre,
    Pui,
    Service,
    User,
)

# The admin has no login of its own: limits and second factor are those of everybody.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Placet, lecture technique"


class ReadOnlyAdmin(admin.ModelAdmin):
    """A model one may only read."""

    actions = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("nom", "prenom", "email", "is_active", "is_staff")
    search_fields = ("nom", "prenom", "email")
    exclude = ("password", "groups", "user_permissions")


@admin.register(Affectation)
class AffectationAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "organisation", "statut", "debut", "fin")
    list_filter = ("role", "statut")
    list_select_related = ("user", "organisation")


@admin.register(DelegationPui)
class DelegationPuiAdmin(ReadOnlyAdmin):
    list_display = ("pui", "gerant", "adjoint", "debut", "fin", "revoquee_le")
    list_select_related = ("pui", "gerant", "adjoint")


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("nom", "type", "region", "actif")
    list_filter = ("type",)
    search_fields = ("nom",)


@admin.register(Etablissement)
class EtablissementAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "finess", "finess_epmsi", "route_facturation")
    list_select_related = ("organisation",)
    search_fields = ("finess", "organisation__nom")


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin):
    list_display = ("nom", "code_uf", "etablissement")
    list_select_related = ("etablissement__organisation",)


@admin.register(Pui)
class PuiAdmin(ReadOnlyAdmin):
    list_display = ("nom", "etablissement", "active")
    list_select_related = ("etablissement__organisation",)


@admin.register(Parametre)
class ParametreAdmin(ReadOnlyAdmin):
    list_display = ("code", "valeur", "debut", "libelle", "source")
    search_fields = ("code", "libelle")


def close_foreign_models() -> None:
    """Leave out what other packages would let one change: logins, second factors, groups."""
    for model in (EmailAddress, EmailConfirmation, Authenticator, Group):
        if admin.site.is_registered(model):
            admin.site.unregister(model)
