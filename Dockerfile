# The page and the compiled server are the same on every platform: built once, natively.
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
ARG GIT_COMMIT=unknown
RUN GIT_COMMIT=$GIT_COMMIT npm run build && rm -r dist/bench dist/test

# Optional packages serve the mirroring client alone. serialport brings its binary for each platform inside the package: nothing is compiled here.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force \
 && cd node_modules/@serialport/bindings-cpp \
 && find prebuilds -mindepth 1 -maxdepth 1 ! -name 'linux-*' -exec rm -r {} + \
 && rm -rf src build-tools

FROM node:22-bookworm-slim
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE ./
# A disk that stands still must not hold every thread: files are served, and the port is opened, by the others.
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=16 \
    CHUNK_RECORDING_PATH=/data/qsensor_recordings
VOLUME /data
EXPOSE 9150
STOPSIGNAL SIGTERM
# Bash asks by itself: a Node process for each question would take a Pi 3 a second of its time.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${API_PORT:-9150} && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '\"online\"' <&3"]

LABEL version="0.1.0" \
      type="device-integration" \
      requirements="core >= 1.1" \
      tags='["light", "par", "sensor", "recording", "science"]' \
      authors='[{"name": "Q-Sensor Recorder contributors", "email": "maintainers@example.org"}]' \
      company='{"about": "Recorder for Biospherical Q-Series light sensors", "name": "Q-Sensor Recorder contributors", "email": "maintainers@example.org"}' \
      readme="https://raw.githubusercontent.com/qsensor-recorder/qsensor-recorder/v{tag}/store/README.md" \
      links='{"website": "https://github.com/qsensor-recorder/qsensor-recorder", "support": "https://github.com/qsensor-recorder/qsensor-recorder/issues", "documentation": "https://github.com/qsensor-recorder/qsensor-recorder#readme"}' \
      permissions='{"ExposedPorts": {"9150/tcp": {}}, "HostConfig": {"Privileged": true, "Binds": ["/usr/blueos/extensions/qsensor:/data", "/dev:/dev"], "ExtraHosts": ["host.docker.internal:host-gateway"], "PortBindings": {"9150/tcp": [{"HostPort": "9150-9199"}]}}}'

# A small young generation: 30 MB less memory at 500 readings a second, for 0.004 cores.
CMD ["node", "--max-semi-space-size=1", "dist/server/main.js"]
