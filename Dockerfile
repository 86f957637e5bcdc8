ARG PYTHON=3.13

# The packages: rebuilt only when the lock changes.
FROM python:${PYTHON}-slim AS packages
# Where builds go out through a proxy with its own authority; HTTP_PROXY and the like need no word.
ARG PIP_CERT
# gunicorn's parser in C comes as source only.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:${PYTHON}-slim
ENV ENV=production \
    PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    # Compiled below, once; the running user could not write it anyway.
    PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/data/media \
    DATABASE_URL=sqlite:////data/blog.sqlite3
RUN groupadd --gid 10001 blog \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent blog \
    && install --directory --owner=10001 --group=10001 /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
RUN python manage.py collectstatic --noinput \
    && python -m compileall -q accounts blogsite posts
ARG RELEASE_ID=unreleased
ENV RELEASE_ID=${RELEASE_ID}
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=15s --interval=10s --timeout=3s \
    # Not by urllib, which would ask a proxy that HTTP_PROXY names.
    CMD ["python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ.get('PORT') or 8000)); c.request('GET', '/health'); exit(c.getresponse().status != 200)"]
# No entry point: any other command runs as it stands.
CMD ["gunicorn", "blogsite.wsgi"]
