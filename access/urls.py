"""Every page of access, under the namespace `access`."""

from access.routes import all_patterns

app_name = "access"
urlpatterns = all_patterns()
