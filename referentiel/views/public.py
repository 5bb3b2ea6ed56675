"""What the pages that search have in common."""

from engine.words import asked_words

MAX_QUERY = 200


def typed_query(request):
    """What was typed in the search box, bounded."""
    return asked_words(request, most=MAX_QUERY)
