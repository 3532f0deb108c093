# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrations; the command says which it is.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/later/venv
COPY requirements/base.txt /tmp/requirements.txt
RUN /opt/later/venv/bin/pip install --require-hashes --requirement /tmp/requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/later/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=later.settings \
    MEDIA_ROOT=/var/lib/later/media \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /var/lib/later --create-home later \
    && mkdir /var/lib/later/media && chown later:later /var/lib/later/media
COPY --from=build /opt/later/venv /opt/later/venv
WORKDIR /opt/later/app
COPY . .
# The settings want secrets to load; these are made up here and kept nowhere.
RUN python -m compileall -q . \
    && python -m scripts.throwaway_settings python manage.py collectstatic --no-input
USER later
VOLUME /var/lib/later/media
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-m", "scripts.healthcheck", "ready"]
# gunicorn takes its port from PORT.
CMD ["gunicorn", "later.wsgi:application", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
