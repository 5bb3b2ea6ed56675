"""PDFs, public verification, and what an operator watches."""

from django.urls import path

from access.views import documents, operations, verifier

patterns = [
    path("documents/<uuid:pk>/", documents.document, name="document"),
    path("verifier/", verifier.verifier, name="verifier"),
    path("verifier/<str:code>/", verifier.verifier, name="verifier"),
    path("exploitation/", operations.operations, name="operations"),
    path("exploitation/relancer/", operations.requeue, name="operations_relancer"),
    path("courriels/", operations.courriels, name="courriels"),
]
