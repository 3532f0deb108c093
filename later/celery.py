"""Queues and the beat table. Messages are hints; the database is the truth."""

from __future__ import annotations

import os

from celery import Celery
from kombu import Queue

from later import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "later.settings")
os.environ.setdefault("CELERY_DB_REUSE_MAX", "1000")

broker.install()
app = Celery("later")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_queues=[Queue("publish"), Queue("media"), Queue("default")],
    task_default_queue="default",
    task_routes={
        # Apart from what it watches.
        "publishing.watch": {"queue": "default"},
        "publishing.remind_again": {"queue": "default"},
        "publishing.*": {"queue": "publish"},
        "media.*": {"queue": "media"},
        # Long work, which nobody waits for in front of a page.
        "leaving.export": {"queue": "media"},
    },
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=False,
    task_time_limit=600,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    # For as long as it takes: giving up would need somebody to notice.
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
        "retry_policy": {"max_retries": 1, "interval_start": 0.1},
    },
    broker_pool_limit=20,
    beat_max_loop_interval=1,
    beat_schedule={
        # No expiry: a worker judges it by its own clock, which may be wrong. Ticks that
        # piled up end by themselves (publishing.actions.heartbeat.take_turn).
        "publishing.tick": {"task": "publishing.tick", "schedule": 1.0},
        "publishing.watch": {
            "task": "publishing.watch",
            "schedule": 30.0,
            "options": {"expires": 120},
        },
        "publishing.remind_again": {
            "task": "publishing.remind_again",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "notifications.deliver": {
            "task": "notifications.deliver",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "scheduling.lift_due": {"task": "scheduling.lift_due", "schedule": 60.0},
        "billing.settle": {
            "task": "billing.settle",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "billing.grace": {
            "task": "billing.grace",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "profiles.sweep": {
            "task": "profiles.sweep",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "profiles.tell": {
            "task": "profiles.tell",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "profiles.inspect_due": {
            "task": "profiles.inspect_due",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "accounts.tidy": {
            "task": "accounts.tidy",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "leaving.go_on": {
            "task": "leaving.go_on",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "leaving.purge": {
            "task": "leaving.purge",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "profiles.pull_updates": {
            "task": "profiles.pull_updates",
            "schedule": 2.0,
            "options": {"expires": 2},
        },
    },
)
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="worker")
