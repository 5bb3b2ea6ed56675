"""The drawings say what the code does."""

from django.core.management import call_command


def test_workflows_and_permissions_are_drawn_from_the_code():
    call_command("draw_workflows", check=True)
