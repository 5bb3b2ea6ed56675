"""Processes that start together: a barrier between them, a queue for what each one tells."""

import multiprocessing


def together(target, starts, timeout=1200):
    """Run `target(*start, barrier, queue)` in a process per start; all they put in the queue.

    They are born of this one, which has loaded all that they need and holds no connection.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(len(starts)), context.Queue()
    workers = [context.Process(target=target, args=(*start, barrier, queue)) for start in starts]
    for worker in workers:
        worker.start()
    told = [item for _ in workers for item in queue.get(timeout=timeout)]
    for worker in workers:
        worker.join(timeout=60)
    return told
