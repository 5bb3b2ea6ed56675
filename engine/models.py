"""Rows that make every workflow safe: journal, reads, outbox, numbers, replayed requests."""

from uuid import uuid4

from django.db import models


class Entry(models.Model):
    """One act in the journal of one subject; append-only, each entry sealed by the one before."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    role = models.CharField(max_length=30, blank=True)
    organisation_id = models.UUIDField(null=True)
    organisation_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["subject_type", "subject_id", "seq"]
        verbose_name = "acte du journal"
        verbose_name_plural = "journal"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="journal_seq_unique"
            )
        ]
        indexes = [models.Index(fields=["actor_id", "at"])]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} n° {self.seq} : {self.action}"


class AccesLu(models.Model):
    """One reading of patient data by a person; append-only, not chained."""

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    role = models.CharField(max_length=30, blank=True)
    organisation_id = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    page = models.CharField(max_length=60)

    class Meta:
        ordering = ["-at"]
        verbose_name = "lecture de données de patient"
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"])]

    def __str__(self) -> str:
        return f"{self.actor_label} : {self.page}"


class OutboxStatus(models.TextChoices):
    PENDING = "pending", "en attente"
    SENDING = "sending", "en cours"
    SENT = "sent", "parti"
    FAILED = "failed", "échoué"
    DROPPED = "dropped", "sans objet"


class Outbox(models.Model):
    """An effect to deliver after the change that caused it: an e-mail, a PDF, a job."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dedupe_key = models.CharField(max_length=250, unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    recipient = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=OutboxStatus.choices, default=OutboxStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_at", "created_at"]
        verbose_name = "envoi"
        indexes = [
            models.Index(fields=["status", "due_at"]),
            models.Index(fields=["subject_type", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.status})"


class Sequence(models.Model):
    """The last number given in a series; read and written under lock, without gap."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} : {self.value}"


class IdempotencyKey(models.Model):
    """A POST already answered, so that a repeated one gets the same answer."""

    actor_id = models.UUIDField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    response = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="idempotency_key_unique")
        ]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a periodic part last ran; an old one is an alarm on the operations page."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} : {self.at:%d/%m/%Y %H:%M}"
