"""What every part of the API shares: strict bodies, errors as JSON, pages, repeated POSTs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from engine import idempotency
from engine.busy import BUSY_SECONDS, is_busy
from engine.errors import Conflict, StepError

PAGE_SIZE, PAGE_MAX = 50, 200
MAX_QUERY = 100
UNKNOWN = "champ_inconnu"
CODES = {
    400: "illisible",
    401: "non_authentifie",
    403: "interdit",
    404: "introuvable",
    405: "methode_refusee",
    406: "format_refuse",
    409: "conflit",
    415: "format_refuse",
    422: "invalide",
    429: "trop_de_demandes",
    503: "indisponible",
}
SENTENCES = {
    400: "Le corps de la demande est illisible : vérifiez son format et ses en-têtes.",
    401: "Présentez un jeton valide, ou connectez-vous.",
    404: "Cet objet n'existe pas, ou vous n'y avez pas accès.",
    503: "Un autre enregistrement est en cours : réessayez dans quelques secondes.",
}


# --- Bodies -----------------------------------------------------------------------------


class StrictSerializer(serializers.Serializer):
    """An input whose unknown fields are refused, so that none is silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            refuse_unknown(data, self.fields)
        return super().to_internal_value(data)


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """400 when a name is none of the known ones."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise exceptions.ValidationError({name: "Champ inconnu." for name in unknown}, code=UNKNOWN)


def read(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def words(request: Request, name: str = "q") -> str:
    """What is searched, bounded and storable."""
    return request.query_params.get(name, "").replace("\0", "").strip()[:MAX_QUERY]


# --- Pages ------------------------------------------------------------------------------


@cache
def page_of(serializer: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of one page of rows."""
    fields = {
        "total": serializers.IntegerField(),
        "page": serializers.IntegerField(),
        "pages": serializers.IntegerField(),
        "resultats": serializer(many=True),
    }
    name = serializer.__name__.removesuffix("Serializer")
    return type(f"Page{name}Serializer", (serializers.Serializer,), fields)


def paginated(
    request: Request, rows: Any, serializer: type[serializers.Serializer], **context: Any
) -> Response:
    """One page of rows; `page` and `par_page` are read from the address."""
    size = min(_number(request, "par_page", PAGE_SIZE), PAGE_MAX)
    paginator = Paginator(rows, size)
    number = _number(request, "page", 1)
    if number > paginator.num_pages:
        raise exceptions.NotFound("Cette page n'existe pas.")
    page = paginator.page(number)
    body = serializer(page.object_list, many=True, context={"request": request, **context})
    return Response(
        {
            "total": paginator.count,
            "page": number,
            "pages": paginator.num_pages,
            "resultats": body.data,
        }
    )


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text) > 0):
        raise exceptions.ParseError(f"« {name} » est un nombre entier à partir de 1.")
    return int(text)


# --- Repeated POSTs ---------------------------------------------------------------------


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """A POST that carries Idempotency-Key is done once; its answer is kept and given again."""

    @wraps(method)
    def answered(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return method(view, request, *args, **kwargs)
        if len(key) > idempotency.MAX_KEY or not key.isascii() or not key.isprintable():
            raise exceptions.ParseError("Idempotency-Key : 80 caractères ASCII au plus.")
        affectation = getattr(request.user, "affectation", None)
        mark = idempotency.fingerprint(
            request.method or "", request.path, str(getattr(affectation, "pk", "")), _body(request)
        )

        def work() -> idempotency.Answer:
            response = method(view, request, *args, **kwargs)
            return idempotency.Answer(response.status_code, _plain(response.data))

        answer = idempotency.once(actor_id=request.user.pk, key=key, mark=mark, work=work)
        headers = {"Idempotency-Replayed": "true"} if answer.replayed else None
        return Response(answer.body, status=answer.status, headers=headers)

    return answered


def _body(request: Request) -> Any:
    """The body as sent, files by their content."""
    plain = {name: request.data[name] for name in request.data if name not in request.FILES}
    files = {}
    for name, file in request.FILES.items():
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
        files[name] = [file.name, digest.hexdigest()]
    return [plain, files]


def _plain(data: Any) -> Any:
    """An answer as JSON keeps it."""
    from rest_framework.utils.encoders import JSONEncoder

    return json.loads(json.dumps(data, cls=JSONEncoder))


# --- Errors -----------------------------------------------------------------------------


class BlocageSerializer(serializers.Serializer):
    """A reason why a step cannot be done yet."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_blank=True)


class ErreurSerializer(serializers.Serializer):
    """Every refusal: a code, a French sentence, and what helps to cure it."""

    code = serializers.CharField()
    message = serializers.CharField()
    blockers = BlocageSerializer(many=True, required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    state = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any refusal as {code, message, blockers, errors, state, version}."""
    if isinstance(error, StepError):
        return _refusal(error)
    if isinstance(error, ValidationError):
        return _answer(422, " ".join(error.messages), errors=_django_errors(error))
    if is_busy(error):
        response = _answer(503, SENTENCES[503])
        response["Retry-After"] = BUSY_SECONDS
        return response
    known = drf_handler(error, context)
    if known is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    status = known.status_code
    sentence = _sentence(error, status)
    answer = _answer(status, sentence)
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in known.headers:
            answer[name] = known.headers[name]
    return answer


def _refusal(error: StepError) -> Response:
    more: dict[str, Any] = {}
    blockers = getattr(error, "blockers", None)
    if blockers:
        more["blockers"] = [
            {"code": b.code, "message": b.message, "field": b.field} for b in blockers
        ]
    errors = getattr(error, "errors", None)
    faults = getattr(error, "fautes", None)
    if errors:
        more["errors"] = {name or "__all__": list(items) for name, items in errors.items()}
    elif faults:
        more["errors"] = {"__all__": list(faults)}
    if isinstance(error, Conflict) and error.state:
        more["state"] = error.state
        if error.version is not None:
            more["version"] = error.version
    code = "bloque" if blockers else CODES.get(error.status, "refuse")
    return _answer(error.status, error.message, code=code, **more)


def _invalid(error: exceptions.ValidationError) -> Response:
    """Unknown fields make the request unreadable (400); wrong values make it invalid (422)."""
    errors = _flat(error.detail)
    if UNKNOWN in _flat_codes(error.get_codes()):
        return _answer(400, "La demande porte un champ inconnu.", code=UNKNOWN, errors=errors)
    return _answer(422, "Certaines valeurs sont à revoir.", errors=errors)


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, value in detail.items():
            found |= _flat(value, f"{prefix}.{name}" if prefix else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(d, Mapping) for d in detail):
        found = {}
        for n, value in enumerate(detail):
            found |= _flat(value, f"{prefix}.{n}") if value else {}
        return found
    items = detail if isinstance(detail, list) else [detail]
    return {prefix or "__all__": [str(item) for item in items]}


def _flat_codes(codes: Any) -> set[str]:
    if isinstance(codes, Mapping):
        return set().union(*(_flat_codes(value) for value in codes.values()))
    if isinstance(codes, list):
        return set().union(*(_flat_codes(value) for value in codes))
    return {str(codes)}


def _django_errors(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}


def _sentence(error: Exception, status: int) -> str:
    """Our sentence for an absence or a missing login, the error's own otherwise."""
    told = str(getattr(error, "detail", "") or "")
    if status in (401, 404) and not (told and isinstance(error, TOLD)):
        return SENTENCES[status]
    if " parse error - " in told:  # a parser's own English words
        return SENTENCES[400]
    if isinstance(error, PermissionDenied) and str(error):
        return str(error)
    return told or "Votre rôle ne permet pas cet accès."


TOLD = (exceptions.AuthenticationFailed, exceptions.NotFound)


def _answer(status: int, message: str, *, code: str = "", **more: Any) -> Response:
    return Response(
        {"code": code or CODES.get(status, "refuse"), "message": message, **more}, status=status
    )
