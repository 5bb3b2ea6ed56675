"""Two health addresses: the process lives; it is ready to serve."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from health_check.views import HealthCheckView

CHECKS = ["health_check.checks.Cache", "health_check.checks.Database"]
if settings.REDIS_URL:
    CHECKS.append("health_check.contrib.celery.Ping")


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of the database or the broker."""
    return HttpResponse("ok\n", content_type="text/plain")


class ReadyView(HealthCheckView):
    """Database, cache and, with Redis, a worker that answers. Always JSON; 503 until ready."""

    checks = CHECKS

    def render_to_response(self, context, status=200, **kwargs):
        return self.render_to_response_json(status)

    def render_to_response_json(self, status):
        """Not ready is not an error of the server: a proxy waits on 503."""
        return super().render_to_response_json(503 if status == 500 else status)


ready = login_not_required(ReadyView.as_view())
